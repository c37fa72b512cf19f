/** Decides which resource bombs are tried: each must end at a limit, and give back what it took. */
import type { Attack, Language } from './attacks.ts';

export function bombs(): readonly Attack[] {
  const add = (name: string, language: Language, code: string): Attack => ({ family: 'bomb', name, language, code, isBomb: true, isGrave: true });
  const fill = (path: string): Attack => add(`fill ${path}`, 'sh', `for i in 1 2 3 4 5 6 7 8; do head -c 3000000000 /dev/zero > ${path}/f$i; done; sleep 30`);
  return [
    add('forks in bash', 'bash', 'f(){ f|f& };f; sleep 30'), add('forks in python', 'python3', 'import os,time\nwhile True:\n  try: os.fork()\n  except OSError: time.sleep(0.01)'), add('forks that leave their session', 'python3', 'import os,time\nwhile True:\n  try:\n    if os.fork()==0: os.setsid()\n  except OSError: time.sleep(0.01)'),
    add('threads', 'python3', 'import threading,time\nwhile True:\n  try: threading.Thread(target=time.sleep,args=(30,)).start()\n  except RuntimeError: time.sleep(0.01)'), add('memory in python', 'python3', 'a=[]\nwhile True: a.append(bytearray(16000000))'), add('memory in node', 'node', 'const a=[];for(;;)a.push(Buffer.alloc(16e6,1))'),
    add('memory of two hundred children', 'python3', 'import os,time\nfor i in range(20):\n  if os.fork()==0:\n    a=bytearray(200000000)\n    time.sleep(30)\ntime.sleep(30)'), add('shared memory', 'python3', 'import mmap\na=[]\nwhile True:\n  m=mmap.mmap(-1,64000000)\n  m.write(b"x"*64000000)\n  a.append(m)'),
    add('files in memory', 'python3', 'import os\na=[]\nb=b"x"*16000000\nwhile True:\n  f=os.memfd_create("x")\n  for i in range(8): os.write(f,b)\n  a.append(f)'), add('memory of the system', 'python3', 'import ctypes,time\nl=ctypes.CDLL(None)\nl.shmat.restype=ctypes.c_void_p\nl.shmat.argtypes=(ctypes.c_int,ctypes.c_void_p,ctypes.c_int)\nn=0\nwhile True:\n  i=l.shmget(0,64000000,0o1600)\n  if i<0: time.sleep(0.1); continue\n  p=l.shmat(i,None,0)\n  ctypes.memset(p,1,64000000)\n  l.shmdt.argtypes=(ctypes.c_void_p,)\n  l.shmdt(p)'),
    add('pipes that nobody reads', 'python3', 'import os,fcntl,time\na=[]\nwhile True:\n  try:\n    r,w=os.pipe(); fcntl.fcntl(w,1031,1048576); os.set_blocking(w,False); os.write(w,b"x"*1048576); a.append((r,w))\n  except OSError: time.sleep(0.05)'), add('descriptors', 'python3', 'import os,time\nwhile True:\n  try: os.open("/dev/null",0)\n  except OSError: time.sleep(0.01)'),
    fill('/tmp'), fill('/dev/shm'), fill('"$HOME"'), fill('.'), fill('"$GROUNDCREW_OUT"'),
    add('files without end', 'python3', 'import os\nos.makedirs("many",exist_ok=True)\ni=0\nwhile True:\n  open("many/%d"%i,"w").close(); i+=1'), add('folders without end', 'python3', 'import os\nwhile True:\n  os.mkdir("d"); os.chdir("d")'), add('a hole of a file', 'sh', 'truncate -s 1000T big; sleep 0.1'),
    add('output without end', 'sh', 'yes BOMB'), add('output without a line\'s end', 'sh', 'cat /dev/zero'), add('errors without end', 'sh', 'yes BOMB >&2'), add('spins', 'sh', 'trap "" TERM INT HUP; while :; do :; done'), add('spins in every child', 'sh', 'for i in 1 2 3 4; do (trap "" TERM; while :; do :; done) & done; wait'), add('says nothing', 'sh', 'sleep 30'),
    add('folder that cannot be removed', 'sh', 'mkdir -p a/b/c; touch a/b/c/x; chmod 000 a/b/c a/b a; chmod 000 .'), add('names that are hard to remove', 'bash', `for i in {1..200}; do touch -- "$(printf '%0250d' $i)" "-rf $i" $'new\\nline'$i; done`),
  ];
}
