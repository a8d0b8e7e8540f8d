import os, pty, termios, json, fcntl, time, sys
I={'ICRNL':termios.ICRNL,'INLCR':termios.INLCR,'IGNCR':termios.IGNCR,'IXON':termios.IXON,'IXANY':termios.IXANY,'IUTF8':0o40000}
O={'OPOST':termios.OPOST,'ONLCR':termios.ONLCR}
L={n:getattr(termios,n) for n in 'ISIG ICANON ECHO ECHOE ECHOK ECHONL NOFLSH TOSTOP ECHOCTL ECHOKE IEXTEN'.split()}
CC={n:getattr(termios,n) for n in 'VINTR VQUIT VERASE VKILL VEOF VTIME VMIN VSTART VSTOP VSUSP VEOL VREPRINT VWERASE VLNEXT VEOL2'.split()}
cases=[
 ('a line with its echo', '', {}, 'hello\n'),
 ('carriage return becomes newline', '', {}, 'hello\r'),
 ('two lines are read one at a time', '', {}, 'a\nb\n'),
 ('an unfinished line is not read', '', {}, 'abc'),
 ('erase', '', {}, 'abc\x7f\x7fd\n'),
 ('erase on an empty line', '', {}, '\x7f\x7fx\n'),
 ('erase of a control character takes two columns', '', {}, 'a\x01\x7fb\n'),
 ('erase of a UTF-8 character', '+IUTF8', {}, 'a\u00e9\x7fb\n'),
 ('erase of a wide UTF-8 character', '+IUTF8', {}, 'a\u65e5\x7fb\n'),
 ('erase of one byte without IUTF8', '-IUTF8', {}, 'a\u00e9\x7fb\n'),
 ('erase of a tab', '', {}, 'ab\t\x7fc\n'),
 ('erase of a tab after a tab', '', {}, '\tab\t\x7fc\n'),
 ('erase of a tab after a control character', '', {}, 'a\x01\t\x7fc\n'),
 ('erase of a tab after UTF-8', '+IUTF8', {}, 'a\u00e9\t\x7fc\n'),
 ('erase without ECHOE', '-ECHOE', {}, 'ab\x7fc\n'),
 ('erase without ECHO', '-ECHO', {}, 'ab\x7fc\n'),
 ('erase without ECHOCTL', '-ECHOCTL', {}, 'a\x01\x7fb\x7f\n'),
 ('another erase character', '', {'VERASE':8}, 'ab\x08c\x7f\n'),
 ('kill', '', {}, 'hello\x15bye\n'),
 ('kill with controls and tabs', '', {}, 'a\x01\tb\x15c\n'),
 ('kill without ECHOKE', '-ECHOKE', {}, 'hello\x15bye\n'),
 ('kill without ECHOKE and ECHOK', '-ECHOKE,-ECHOK', {}, 'hello\x15bye\n'),
 ('kill without ECHOE', '-ECHOE', {}, 'hello\x15bye\n'),
 ('kill on an empty line', '', {}, '\x15x\n'),
 ('kill without ECHO', '-ECHO', {}, 'hello\x15bye\n'),
 ('word erase', '', {}, 'one two_3  \x17x\n'),
 ('word erase over punctuation', '', {}, 'a/b/c.d\x17\x17x\n'),
 ('word erase with UTF-8', '+IUTF8', {}, 'ab \u00e9t\u00e9\x17x\n'),
 ('word erase without IEXTEN is a character', '-IEXTEN', {}, 'ab\x17c\n'),
 ('literal next', '', {}, 'a\x16\x03b\n'),
 ('literal next of a newline', '', {}, 'a\x16\nb\n'),
 ('literal next of carriage return', '', {}, 'a\x16\rb\n'),
 ('literal next of erase', '', {}, 'a\x16\x7fb\n'),
 ('literal next without ECHOCTL', '-ECHOCTL', {}, 'a\x16\x03b\n'),
 ('literal next without IEXTEN', '-IEXTEN', {}, 'a\x16b\n'),
 ('reprint', '', {}, 'ab\x01c\x12d\n'),
 ('end of file on an empty line', '', {}, '\x04'),
 ('end of file ends a line without newline', '', {}, 'abc\x04'),
 ('end of file twice', '', {}, 'abc\x04\x04'),
 ('end of file then a line', '', {}, '\x04x\n'),
 ('end of line character', '', {'VEOL':ord(';')}, 'ab;cd\n'),
 ('second end of line character', '', {'VEOL2':ord('!')}, 'ab!cd\n'),
 ('end of line character without ECHO', '-ECHO', {'VEOL':ord(';')}, 'ab;cd\n'),
 ('interrupt drops the line', '', {}, 'abc\x03def\n'),
 ('interrupt drops lines not yet read', '', {}, 'abc\ndef\x03ghi\n'),
 ('interrupt with NOFLSH', '+NOFLSH', {}, 'abc\ndef\x03ghi\n'),
 ('quit and suspend', '', {}, 'a\x1cb\x1ac\n'),
 ('interrupt without ISIG is a character', '-ISIG', {}, 'a\x03b\n'),
 ('interrupt without ECHO', '-ECHO', {}, 'a\x03b\n'),
 ('interrupt without ECHOCTL', '-ECHOCTL', {}, 'a\x03b\n'),
 ('disabled interrupt', '', {'VINTR':0}, 'a\x03b\n'),
 ('no echo', '-ECHO', {}, 'secret\n'),
 ('no echo but newline', '-ECHO,+ECHONL', {}, 'secret\n'),
 ('escape is echoed as ^[', '', {}, 'a\x1b[Ab\n'),
 ('control characters without ECHOCTL', '-ECHOCTL', {}, 'a\x01\x1bb\n'),
 ('delete as text when erase is disabled', '', {'VERASE':0}, 'a\x7fb\n'),
 ('IGNCR', '+IGNCR', {}, 'a\r\nb\n'),
 ('INLCR', '+INLCR,-ICRNL', {}, 'a\nb\r'),
 ('no ICRNL', '-ICRNL', {}, 'a\rb\n'),
 ('no OPOST', '-OPOST', {}, 'a\nb\n'),
 ('no ONLCR', '-ONLCR', {}, 'a\nb\n'),
 ('stop and start are not text', '', {}, 'a\x13b\x11c\n'),
 ('stopped, nothing is echoed', '', {}, 'a\x13bc\n'),
 ('stopped, interrupt starts', '', {}, 'a\x13b\x03c\n'),
 ('IXANY starts with any character', '+IXANY', {}, 'a\x13b\n'),
 ('no IXON', '-IXON', {}, 'a\x13b\x11c\n'),
 ('raw', '-ICANON,-ECHO', {}, 'ab\x03\x7f\r\n\x04c'),
 ('raw with echo', '-ICANON', {}, 'ab\x01\x7f\r\x04c'),
 ('raw without ISIG and ICRNL', '-ICANON,-ECHO,-ISIG,-ICRNL,-IXON,-IEXTEN', {}, 'ab\x03\x13\x11\x16\r\n'),
 ('raw, interrupt flushes', '-ICANON', {}, 'abc\x03d'),
 ('raw, VLNEXT is text', '-ICANON', {}, 'a\x16\x03b'),
 ('raw with VMIN 3', '-ICANON,-ECHO', {'VMIN':3}, 'ab'),
 ('raw with VMIN 3 met', '-ICANON,-ECHO', {'VMIN':3}, 'abcd'),
 ('high bytes', '', {}, 'a\u00ff\u0080b\n'),
 ('a long line is cut at 4095 bytes', '', {}, 'x'*5000+'\n'),
 ('typing over tabs then killing', '', {}, '\t\t\x15a\n'),
 ('many erases', '+IUTF8', {}, 'a\u00e9b\t\x7f\x7f\x7f\x7f\x7f\n'),
]
import random
random.seed(7)
alpha=['a','b',' ','_','/','\t','\n','\r','\x7f','\x15','\x17','\x16','\x12','\x04','\x03','\x01','\x1b','\u00e9','\u65e5','\x13','\x11','Z','9']
flags=['+IUTF8','-ECHOE','-ECHOKE','-ECHOK','-ECHOCTL','-IEXTEN','-ECHO','+ECHONL','-ICRNL','+INLCR','+IGNCR','-ONLCR','-OPOST','+NOFLSH','-ICANON','-ISIG','+IXANY','-IXON']
for i in range(220):
    fl=[f for f in flags if random.random()<0.15]
    if '-OPOST' in fl and random.random()<.7: fl.remove('-OPOST')
    cases.append((f'random {i}', ','.join(fl), {}, ''.join(random.choice(alpha) for _ in range(random.randint(3,22)))))
out=[]
def drain(fd):
    fcntl.fcntl(fd, fcntl.F_SETFL, os.O_NONBLOCK)
    r=[]
    while True:
        try: d=os.read(fd,10000)
        except BlockingIOError: break
        except OSError as e:
            r.append('errno %d'%e.errno); break
        r.append(d.hex())
        if len(r)>50: break
    return r
for name,fl,cc,inp in cases:
    m,s=pty.openpty()
    t=termios.tcgetattr(s)
    t[0]=termios.ICRNL|termios.IXON; t[1]=termios.OPOST|termios.ONLCR
    t[3]=termios.ISIG|termios.ICANON|termios.ECHO|termios.ECHOE|termios.ECHOK|termios.ECHOCTL|termios.ECHOKE|termios.IEXTEN
    for f in filter(None,fl.split(',')):
        n=f[1:]
        idx,bit=(0,I[n]) if n in I else (1,O[n]) if n in O else (3,L[n])
        if f[0]=='+': t[idx]|=bit
        else: t[idx]&=~bit
    for k,v in cc.items(): t[6][CC[k]]=v if k in('VMIN','VTIME') else bytes([v])
    termios.tcsetattr(s,termios.TCSANOW,t)
    data=inp.encode('utf-8')
    if name=='high bytes': data=b'a\xff\x80b\n'
    echo=b''
    step=1 if len(data)<200 else 512
    for i in range(0,len(data),step):
        os.write(m,data[i:i+step]); time.sleep(0.0015)
        echo+=b''.join(bytes.fromhex(x) for x in drain(m))
    time.sleep(0.004)
    reads=drain(s)
    time.sleep(0.002)
    echo+=b''.join(bytes.fromhex(x) for x in drain(m) if not x.startswith('errno'))
    out.append({'name':name,'flags':fl,'cc':cc,'input':data.hex(),'reads':reads,'echo':echo.hex()})
    os.close(m); os.close(s)
json.dump(out,open('tty-recorded.json','w'),indent=0)
print(len(out)); 
for c in out[:12]: print(c['name'],c['reads'],bytes.fromhex(c['echo']))
