/** Decides which resource bombs are tried: each must end at a limit, and give back what it took. */
import type { Attack, Language } from './attack.ts';

const FUSE_SECONDS = 3;
const DOUBLINGS = 10;

export function bombs(): readonly Attack[] {
  const add = (name: string, language: Language, code: string): Attack => ({ family: 'bomb', name, language, code, isBomb: true, isGrave: true });
  const forks = (then: string): string => `import mmap,os,time\nn=mmap.mmap(-1,4)\nend=time.time()+${FUSE_SECONDS}\nwhile time.time()<end:\n  c=int.from_bytes(n[:],"little")\n  if c>${2 ** DOUBLINGS}: time.sleep(0.05); continue\n  n[:]=(c+1).to_bytes(4,"little")\n  try:\n    if os.fork()==0: ${then === '' ? 'pass' : then}\n  except OSError: time.sleep(0.01)`;
  const fill = (path: string): Attack => add(`fill ${path}`, 'sh', `for i in 1 2 3 4 5 6 7 8; do head -c 3000000000 /dev/zero > ${path}/f$i; done; sleep 30`);
  return [
    // Each has a fuse: should a limit fail, this machine is still there to say so.
    add('forks in bash', 'bash', `f() { [ $1 -gt 0 ] && { f $(($1 - 1)) | f $(($1 - 1)) & }; sleep ${FUSE_SECONDS}; }; f ${DOUBLINGS}`), add('forks in python', 'python3', forks('')), add('forks that leave their session', 'python3', forks('os.setsid()')),
    add('threads', 'python3', 'import threading,time\nfor i in range(5000):\n  try: threading.Thread(target=time.sleep,args=(30,)).start()\n  except RuntimeError: time.sleep(0.01)'), add('memory in python', 'python3', 'import time\na=[]\nfor i in range(250): a.append(bytearray(16000000))\ntime.sleep(30)'), add('memory in node', 'node', 'const a=[];for(let i=0;i<250;i++)a.push(Buffer.alloc(16e6,1));setTimeout(()=>{},3e4)'),
    add('memory of two hundred children', 'python3', 'import os,time\nfor i in range(20):\n  if os.fork()==0:\n    a=bytearray(200000000)\n    time.sleep(30)\ntime.sleep(30)'), add('shared memory', 'python3', 'import mmap\na=[]\nimport time\nfor i in range(64):\n  m=mmap.mmap(-1,64000000)\n  m.write(b"x"*64000000)\n  a.append(m)\ntime.sleep(30)'),
    add('files in memory', 'python3', 'import os,time\na=[]\nb=b"x"*16000000\nfor i in range(32):\n  f=os.memfd_create("x")\n  for i in range(8): os.write(f,b)\n  a.append(f)\ntime.sleep(30)'), ...['64000000', '60000'].map((size) => add(`memory of the system in pieces of ${size}`, 'python3', `import ctypes,time\nl=ctypes.CDLL(None)\nl.shmat.restype=ctypes.c_void_p\nl.shmat.argtypes=(ctypes.c_int,ctypes.c_void_p,ctypes.c_int)\nl.shmdt.argtypes=(ctypes.c_void_p,)\ntaken=0\nwhile taken<4e9:\n  i=l.shmget(0,${size},0o1600)\n  if i<0: time.sleep(0.1); continue\n  p=l.shmat(i,None,0)\n  ctypes.memset(p,1,${size})\n  l.shmdt(p)\n  taken+=${size}`)),
    add('pipes that nobody reads', 'python3', 'import os,fcntl,time\na=[]\nwhile True:\n  try:\n    r,w=os.pipe(); fcntl.fcntl(w,1031,1048576); os.set_blocking(w,False); os.write(w,b"x"*1048576); a.append((r,w))\n  except OSError: time.sleep(0.05)'), add('descriptors', 'python3', 'import os,time\nwhile True:\n  try: os.open("/dev/null",0)\n  except OSError: time.sleep(0.01)'),
    fill('/tmp'), fill('/dev/shm'), fill('"$HOME"'), fill('.'), fill('"$GROUNDCREW_OUT"'),
    add('files without end', 'python3', 'import os\nos.makedirs("many",exist_ok=True)\ni=0\nwhile True:\n  open("many/%d"%i,"w").close(); i+=1'), add('folders without end', 'python3', 'import os\nwhile True:\n  os.mkdir("d"); os.chdir("d")'), add('a hole of a file', 'sh', 'truncate -s 1000T big; sleep 0.1'),
    add('output without end', 'sh', 'yes BOMB'), add('output without a line\'s end', 'sh', 'cat /dev/zero'), add('errors without end', 'sh', 'yes BOMB >&2'), add('spins', 'sh', 'trap "" TERM INT HUP; while :; do :; done'), add('spins in every child', 'sh', 'for i in 1 2 3 4; do (trap "" TERM; while :; do :; done) & done; wait'), add('says nothing', 'sh', 'sleep 30'),
    add('folder that cannot be removed', 'sh', 'mkdir -p a/b/c; touch a/b/c/x; chmod 000 a/b/c a/b a; chmod 000 .'), add('names that are hard to remove', 'bash', `for i in {1..200}; do touch -- "$(printf '%0250d' $i)" "-rf $i" $'new\\nline'$i; done`),
  ];
}
