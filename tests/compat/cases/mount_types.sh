# case image
pod run --rm --network none --mount type=image,src=$IMG,dst=/i $IMG sh -c 'ls /i/data; touch /i/x; echo $?'
# case image-rw
pod run --network none --name k --mount type=image,src=$IMG,dst=/i,rw=true $IMG sh -c 'touch /i/x; echo $?; ls /i/x'; pod start -a k
# case image-words1
for o in rw=true rw=false readwrite readwrite=true readonly ro ro=false subpath=/data subpath=data subpath=/data/; do echo "- $o"; pod run --rm --network none --mount type=image,src=$IMG,dst=/i,$o $IMG sh -c 'ls /i | sort | tr "\n" " "; touch /i/x 2>/dev/null; echo $?'; [ $? -lt 125 ] || echo refused; done
# case image-words2
for o in subpath=/ subpath=../data subpath=nosuch subpath= noexec U bind relabel=shared nosuch idmap; do echo "- $o"; pod run --rm --network none --mount type=image,src=$IMG,dst=/i,$o $IMG sh -c 'ls /i | sort | tr "\n" " "; touch /i/x 2>/dev/null; echo $?'; [ $? -lt 125 ] || echo refused; done
# case image-subpath-file
pod run --rm --network none --mount type=image,src=$IMG,dst=/i,subpath=/etc/passwd $IMG sh -c 'cat /i' | head -1; [ ${PIPESTATUS[0]} -ge 125 ] && echo refused
# case image-missing
pod run --rm --network none --mount type=image,src=localhost/nosuch,dst=/i $IMG true; [ $? -lt 125 ] || echo refused; pod ps -aq; pod run --rm --network none --mount type=image,dst=/i $IMG true; echo $?; pod run --rm --network none --mount type=image,src=$IMG $IMG true; echo $?
# case image-inspect
{ pod create --network none --name k --mount type=image,src=$IMG,dst=/i --mount type=image,src=$IMG,dst=/w,rw=true,subpath=/data $IMG true >/dev/null; pod inspect k | sed -n '/^ *"Mounts": \[/,/^          \]/p' | sed 's|"/.*/volumes|"/volumes|'; pod inspect k --format '{{json .HostConfig.Binds}}'; } 2>/dev/null
# case image-in-use
one; layered localhost/other:1 $TMP/1; pod create --network none --name k --mount type=image,src=localhost/other:1,dst=/i $IMG true >/dev/null; pod rmi localhost/other:1 >/dev/null; echo $?; pod image exists localhost/other:1; echo $?; pod start -a k; echo $?; pod rm k; pod rmi -f localhost/other:1 >/dev/null; echo $?
# case image-of-layers
one; two; three; layered localhost/other:1 $TMP/1 $TMP/2 $TMP/3; pod run --rm --network none --mount type=image,src=localhost/other:1,dst=/i $IMG sh -c 'cd /i; find . | sort; cat a'; pod rmi localhost/other:1 >/dev/null
# case image-volumes-from
pod create --network none --name a --mount type=image,src=$IMG,dst=/i $IMG true >/dev/null; pod run --rm --network none --volumes-from a $IMG ls /i; pod rm a
# case image-other-user
pod run --rm --network none -u 1000 --mount type=image,src=$IMG,dst=/i,rw=true $IMG sh -c 'stat -c "%u %g %a" /i/data; touch /i/x; echo $?'
# case image-twice
pod run --rm --network none --mount type=image,src=$IMG,dst=/i --mount type=image,src=$IMG,dst=/i $IMG true; echo $?; pod run --rm --network none --mount type=image,src=$IMG,dst=/i -v $TMP:/i $IMG true; echo $?
# case image-clone
{ pod create --network none --name k --mount type=image,src=$IMG,dst=/i $IMG ls /i/data >/dev/null; pod container clone k c >/dev/null; pod start -a c; } 2>/dev/null
# case glob
mkdir $TMP/g; for f in fa fb gc; do echo $f > $TMP/g/$f; done; pod run --rm --network none --mount "type=glob,src=$TMP/g/f*,dst=/m" $IMG sh -c 'ls /m; cat /m/fa; echo x > /m/fb'; cat $TMP/g/fb
# case glob-ro
mkdir $TMP/g; for f in fa fb; do echo $f > $TMP/g/$f; done; pod run --rm --network none --mount "type=glob,src=$TMP/g/f*,dst=/m,ro" $IMG sh -c 'cat /m/*; echo x > /m/fa'
# case glob-no-match
pod run --rm --network none --mount "type=glob,src=$TMP/nosuch*,dst=/m" $IMG true; echo $?; pod ps -aq; pod run --rm --network none --mount "type=glob,dst=/m" $IMG true; echo $?; pod run --rm --network none --mount "type=glob,src=$TMP/[,dst=/m" $IMG true; echo $?
# case glob-no-target
mkdir $TMP/g; for f in fa fb; do echo $f > $TMP/g/$f; done; pod run --rm --network none --mount "type=glob,src=$TMP/g/f?" $IMG sh -c "cat $TMP/g/fa $TMP/g/fb; ls $TMP/g"
# case glob-directories
mkdir -p $TMP/g/da $TMP/g/db; echo 1 > $TMP/g/da/x; echo 2 > $TMP/g/.hidden; ln -s da $TMP/g/link; pod run --rm --network none --mount "type=glob,src=$TMP/g/*,dst=/m" $IMG sh -c 'cd /m; find . | sort; ls -l /m/link | cut -c1'
# case glob-deep
mkdir -p $TMP/g/da $TMP/g/db; echo 1 > $TMP/g/da/x; echo 2 > $TMP/g/db/y; pod run --rm --network none --mount "type=glob,src=$TMP/g/*/*,dst=/m" $IMG sh -c 'cd /m; find . | sort'; pod run --rm --network none --mount "type=glob,src=$TMP/g/d[!a]/{y,x},dst=/m" $IMG true; echo $?; pod run --rm --network none --mount "type=glob,src=$TMP/g/d[^a]/?,dst=/m" $IMG ls /m; pod run --rm --network none --mount "type=glob,src=$TMP/g/d\\a/x,dst=/m" $IMG ls /m
# case glob-no-pattern
mkdir $TMP/g; echo 1 > $TMP/g/fa; pod run --rm --network none --mount "type=glob,src=$TMP/g/fa,dst=/m" $IMG find /m; pod run --rm --network none --mount "type=glob,src=$TMP/g/,dst=/m" $IMG find /m
# case glob-relative
mkdir $TMP/g; cd $TMP/g; echo 1 > fa; pod run --rm --network none --mount "type=glob,src=f*,dst=/m" $IMG find /m; echo $?; pod run --rm --network none --mount "type=glob,src=./f*,dst=/m" $IMG find /m; echo $?
# case glob-inspect
mkdir $TMP/g; for f in fa fb; do echo $f > $TMP/g/$f; done; pod create --network none --name k --mount "type=glob,src=$TMP/g/f*,dst=/m,ro" $IMG true >/dev/null; pod inspect k --format '{{range .Mounts}}{{.Type}} {{.Source}} {{.Destination}} {{.Options}} {{.RW}} {{.Propagation}}{{"\n"}}{{end}}{{range .HostConfig.Binds}}{{.}}{{"\n"}}{{end}}' | sort
# case glob-words
mkdir $TMP/g; echo 1 > $TMP/g/fa; for o in z U bind-propagation=rslave bind-nonrecursive relabel=shared noexec size=1m no-dereference subpath=x; do echo "- $o"; pod run --rm --network none --mount "type=glob,src=$TMP/g/f*,dst=/m,$o" $IMG ls /m; [ $? -lt 125 ] || echo refused; done
# case devpts
pod run --rm --network none --mount type=devpts,dst=/dev/pts $IMG sh -c "grep ' /dev/pts ' /proc/self/mountinfo | cut -d' ' -f4-6"; pod run --rm --network none --mount type=devpts,dst=/x/pts $IMG sh -c "ls /x/pts; stat -c %a /x/pts; grep ' /x/pts ' /proc/self/mountinfo | cut -d' ' -f4-6"
# case devpts-words
for o in uid=5 gid=7 mode=620 max=12 ro ro=true nosuid noexec rprivate size=1m U src=/x; do echo "- $o"; pod create --network none --name k --mount type=devpts,dst=/x,$o $IMG true >/dev/null && pod inspect k | sed -n '/^ *"Mounts": \[/,/^          \]/p' | sed 's|"/.*/volumes|"/volumes|'; pod inspect k --format '{{json .HostConfig.Tmpfs}} {{json .HostConfig.Binds}}'; [ $? -lt 125 ] || echo refused; pod rm k >/dev/null 2>&1; done
# case devpts-options
pod run --rm --network none --mount type=devpts,dst=/x/pts,mode=611,max=3 $IMG sh -c "grep ' /x/pts ' /proc/self/mountinfo | sed 's/.* - //; s/gid=[0-9]*,//'; stat -c '%a %u' /x/pts/ptmx"
# case devpts-terminal
pod run --rm -t --network none --mount type=devpts,dst=/dev/pts,mode=600 $IMG sh -c 'tty; stat -c %a $(tty)'
# case ramfs
pod run --rm --network none --mount type=ramfs,dst=/data $IMG sh -c "stat -f -c %T /data; stat -c %a /data; ls /data; echo x > /data/x; cat /data/x"
# case ramfs-words
for o in tmpfs-size=1m size=1m mode=755 tmpcopyup notmpcopyup ro U uid=3 noexec noatime z rprivate src=x; do echo "- $o"; pod run --rm --network none --mount type=ramfs,dst=/data,$o $IMG sh -c "ls /data; grep ' /data ' /proc/self/mountinfo | cut -d' ' -f6-"; [ $? -lt 125 ] || echo refused; done
# case ramfs-inspect
pod create --network none --name k --mount type=ramfs,dst=/r --mount type=tmpfs,dst=/t,notmpcopyup,ro --mount type=tmpfs,dst=/u,U $IMG true >/dev/null; pod inspect k | sed -n '/^ *"Mounts": \[/,/^          \]/p' | sed 's|"/.*/volumes|"/volumes|'; pod inspect k --format '{{json .HostConfig.Tmpfs}}'
# case tmpfs-words1
for o in tmpcopyup notmpcopyup tmpcopyup,notmpcopyup tmpcopyup=true ro ro=false readonly rw=false U chown=true; do echo "- $o"; pod run --rm --network none --mount type=tmpfs,dst=/data,$o $IMG sh -c "ls /data; stat -c '%a %u %g' /data; grep ' /data ' /proc/self/mountinfo | cut -d' ' -f6 | sed 's/,relatime//'"; [ $? -lt 125 ] || echo refused; done
# case tmpfs-words2
for o in chown=false chown mode=1700 tmpfs-mode=0700 mode=9 size=1m size=1x tmpfs-size=64k uid=3 gid=3; do echo "- $o"; pod run --rm --network none --mount type=tmpfs,dst=/data,$o $IMG sh -c "ls /data; stat -c '%a %u %g' /data; grep ' /data ' /proc/self/mountinfo | cut -d' ' -f6 | sed 's/,relatime//'"; [ $? -lt 125 ] || echo refused; done
# case tmpfs-words3
for o in uid=x noexec noexec=true noatime noswap nr_inodes=9 dest=/data2 z bind rbind; do echo "- $o"; pod run --rm --network none --mount type=tmpfs,dst=/data,$o $IMG sh -c "ls /data; stat -c '%a %u %g' /data; grep ' /data ' /proc/self/mountinfo | cut -d' ' -f6 | sed 's/,relatime//'"; [ $? -lt 125 ] || echo refused; done
# case tmpfs-words4
for o in src=x source= relabel=shared bind-propagation=rslave rshared consistency=delegated exec,noexec suid dev nosuid,suid; do echo "- $o"; pod run --rm --network none --mount type=tmpfs,dst=/data,$o $IMG sh -c "ls /data; stat -c '%a %u %g' /data; grep ' /data ' /proc/self/mountinfo | cut -d' ' -f6 | sed 's/,relatime//'"; [ $? -lt 125 ] || echo refused; done
# case tmpfs-flag-words1
for o in tmpcopyup notmpcopyup tmpcopyup,notmpcopyup ro rw ro,rw U mode=1700 mode=0700 size=1m; do echo "- $o"; pod run --rm --network none --tmpfs /data:$o $IMG sh -c "ls /data; stat -c '%a %u %g' /data; grep ' /data ' /proc/self/mountinfo | cut -d' ' -f6 | sed 's/,relatime//'"; [ $? -lt 125 ] || echo refused; done
# case tmpfs-flag-words2
for o in size=1x size=10% uid=3 gid=3 uid=x noexec exec noexec,exec suid dev; do echo "- $o"; pod run --rm --network none --tmpfs /data:$o $IMG sh -c "ls /data; stat -c '%a %u %g' /data; grep ' /data ' /proc/self/mountinfo | cut -d' ' -f6 | sed 's/,relatime//'"; [ $? -lt 125 ] || echo refused; done
# case tmpfs-flag-words3
for o in noatime noswap nr_inodes=9 nr_blocks=8 z Z bind rbind rshared rslave; do echo "- $o"; pod run --rm --network none --tmpfs /data:$o $IMG sh -c "ls /data; stat -c '%a %u %g' /data; grep ' /data ' /proc/self/mountinfo | cut -d' ' -f6 | sed 's/,relatime//'"; [ $? -lt 125 ] || echo refused; done
# case tmpfs-flag-words4
for o in private copy nocopy nodev,nodev O idmap sync mode=9 '' ,; do echo "- $o"; pod run --rm --network none --tmpfs /data:$o $IMG sh -c "ls /data; stat -c '%a %u %g' /data; grep ' /data ' /proc/self/mountinfo | cut -d' ' -f6 | sed 's/,relatime//'"; [ $? -lt 125 ] || echo refused; done
# case tmpfs-chown
pod run --rm --network none -u 5:6 --tmpfs /t:U $IMG stat -c '%u %g %a' /t; pod run --rm --network none -u 5:6 --mount type=tmpfs,dst=/t,U $IMG stat -c '%u %g %a' /t; pod run --rm --network none -u 5:6 --mount type=tmpfs,dst=/data,chown=true $IMG sh -c 'stat -c "%u %g %a" /data /data/*'
# case bind-words1
mkdir -p $TMP/d; echo x > $TMP/d/f; for o in ro ro=false ro=true readonly=0 readonly=x rw rw=false ro,rw bind-propagation=rslave bind-propagation=rshared; do echo "- $o"; pod run --rm --network none --mount type=bind,src=$TMP/d,dst=/m,$o $IMG sh -c "ls /m; grep ' /m ' /proc/self/mountinfo | cut -d' ' -f6 | sed 's/,relatime//;s/noatime,//'"; [ $? -lt 125 ] || echo refused; done
# case bind-words2
mkdir -p $TMP/d; echo x > $TMP/d/f; for o in bind-propagation=private bind-propagation=nosuch bind-propagation bind-nonrecursive bind-nonrecursive=true bind-nonrecursive=false bind-nonrecursive=x relabel=shared relabel=private relabel=x; do echo "- $o"; pod run --rm --network none --mount type=bind,src=$TMP/d,dst=/m,$o $IMG sh -c "ls /m; grep ' /m ' /proc/self/mountinfo | cut -d' ' -f6 | sed 's/,relatime//;s/noatime,//'"; [ $? -lt 125 ] || echo refused; done
# case bind-words3
mkdir -p $TMP/d; echo x > $TMP/d/f; for o in relabel z Z U chown chown=false chown=x noexec nosuid nodev; do echo "- $o"; pod run --rm --network none --mount type=bind,src=$TMP/d,dst=/m,$o $IMG sh -c "ls /m; grep ' /m ' /proc/self/mountinfo | cut -d' ' -f6 | sed 's/,relatime//;s/noatime,//'"; [ $? -lt 125 ] || echo refused; done
# case bind-words4
mkdir -p $TMP/d; echo x > $TMP/d/f; for o in noatime exec suid dev bind rbind slave rslave,rshared no-dereference no-dereference=true; do echo "- $o"; pod run --rm --network none --mount type=bind,src=$TMP/d,dst=/m,$o $IMG sh -c "ls /m; grep ' /m ' /proc/self/mountinfo | cut -d' ' -f6 | sed 's/,relatime//;s/noatime,//'"; [ $? -lt 125 ] || echo refused; done
# case bind-words5
mkdir -p $TMP/d; echo x > $TMP/d/f; for o in idmap=x tmpfs-size=1 consistency=cached dest=/q source=/ subpath=f copy nocopy size=1 sync; do echo "- $o"; pod run --rm --network none --mount type=bind,src=$TMP/d,dst=/m,$o $IMG sh -c "ls /m; grep ' /m ' /proc/self/mountinfo | cut -d' ' -f6 | sed 's/,relatime//;s/noatime,//'"; [ $? -lt 125 ] || echo refused; done
# case volume-opt
m() { pod run --rm --network none --mount type=volume,"$1",dst=/m $IMG sh -c "grep ' /m ' /proc/self/mountinfo | sed 's/.* - //' | grep -o '^tmpfs\|size=[0-9]*k' | tr '\n' ' '; echo x > /m/f; cat /m/f"; [ $? -lt 125 ] || echo refused; pod volume inspect v --format '{{.Options.type}} {{.Options.o}} {{.Anonymous}}' 2>/dev/null; }; m src=v,volume-opt=type=tmpfs,volume-opt=device=tmpfs,volume-opt=o=size=2m; m src=v,volume-opt=o=size=3m,volume-opt=x; pod volume rm v; m src=v,volume-opt=type=tmpfs,volume-opt=device=tmpfs,\"volume-opt=o=size=2m,nr_inodes=9\"; pod volume rm v
# case volume-opt-bind
mkdir -p $TMP/d; echo x > $TMP/d/f; pod create --name q --network none --mount type=volume,src=v,dst=/m,volume-opt=type=none,volume-opt=o=bind,volume-opt=device=$TMP/d $IMG cat /m/f >/dev/null; pod volume inspect v --format '{{len .Options}} {{.Anonymous}}'; pod start -a q; pod rm q >/dev/null; pod volume rm v; cat $TMP/d/f
# case volume-opt-bad
for o in volume-opt volume-opt= volume-opt=x volume-opt=bogus=1 volume-driver=local; do echo "- $o"; pod create --name q --network none --mount type=volume,src=v,dst=/m,$o $IMG true; echo $?; pod run --name q --network none --mount type=volume,src=v,dst=/m,$o $IMG true; echo $?; pod volume ls -q; pod ps -aq; done
# case volume-opt-anonymous
pod create --name q --network none --mount type=volume,dst=/m,volume-opt=type=tmpfs,volume-opt=device=tmpfs $IMG true >/dev/null; pod volume ls -q | wc -l; pod volume inspect $(pod volume ls -q) --format '{{json .Options}} {{.Anonymous}}'; pod rm -v q >/dev/null; pod volume ls -q | wc -l
# case bind-no-dereference
mkdir $TMP/d; echo x > $TMP/d/f; ln -s f $TMP/d/l; ln -s nosuch $TMP/d/n; pod run --rm --network none --mount type=bind,src=$TMP/d/l,dst=/m,no-dereference $IMG sh -c 'readlink /m'; pod run --rm --network none --mount type=bind,src=$TMP/d/l,dst=/m $IMG sh -c 'readlink /m; cat /m'; pod run --rm --network none --mount type=bind,src=$TMP/d/n,dst=/m,no-dereference $IMG readlink /m; echo $?; pod run --rm --network none --mount type=bind,src=$TMP/d/l,dst=/etc/passwd,no-dereference $IMG readlink /etc/passwd; echo $?; pod run --rm --network none --mount type=bind,src=$TMP/d/f,dst=/m,no-dereference $IMG cat /m; echo $?
# case volume-words1
pod volume create v >/dev/null; pod run --rm --network none -v v:/m $IMG sh -c 'mkdir -p /m/a/b; echo f > /m/a/f'; for o in subpath=a subpath=/a subpath=a/ volume-subpath=/a volume-subpath=a/b subpath=../v subpath=a/../a subpath=/ subpath= subpath subpath=nosuch subpath=a/f; do echo "- $o"; pod run --rm --network none --mount type=volume,src=v,dst=/m,$o $IMG sh -c "ls -d /m/* /m 2>/dev/null; grep ' /m ' /proc/self/mountinfo | cut -d' ' -f6 | sed 's/,relatime//'"; [ $? -lt 125 ] || echo refused; done; pod volume rm v
# case volume-words2
pod volume create v >/dev/null; pod run --rm --network none -v v:/m $IMG sh -c 'mkdir -p /m/a/b; echo f > /m/a/f'; for o in ro rw=false nocopy copy volume-nocopy volume-opt=x U chown=false idmap=x z relabel=private bind-propagation=rslave; do echo "- $o"; pod run --rm --network none --mount type=volume,src=v,dst=/m,$o $IMG sh -c "ls -d /m/* /m 2>/dev/null; grep ' /m ' /proc/self/mountinfo | cut -d' ' -f6 | sed 's/,relatime//'"; [ $? -lt 125 ] || echo refused; done; pod volume rm v
# case volume-words3
pod volume create v >/dev/null; pod run --rm --network none -v v:/m $IMG sh -c 'mkdir -p /m/a/b; echo f > /m/a/f'; for o in bind-nonrecursive bind rbind noexec suid tmpfs-size=1 size=1 no-dereference consistency=x sync noatime; do echo "- $o"; pod run --rm --network none --mount type=volume,src=v,dst=/m,$o $IMG sh -c "ls -d /m/* /m 2>/dev/null; grep ' /m ' /proc/self/mountinfo | cut -d' ' -f6 | sed 's/,relatime//'"; [ $? -lt 125 ] || echo refused; done; pod volume rm v
# case volume-subpath-inspect
pod volume create v >/dev/null; pod run --rm --network none -v v:/m $IMG mkdir -p /m/a/b; pod create --network none --name k --mount type=volume,src=v,dst=/m,subpath=/a $IMG true >/dev/null; pod inspect k | sed -n '/^ *"Mounts": \[/,/^          \]/p' | sed 's|"/.*/volumes|"/volumes|'; pod inspect k --format '{{json .HostConfig.Binds}}'; pod rm k; pod volume rm v
# case volume-subpath-link
pod volume create v >/dev/null; pod run --rm --network none -v v:/m $IMG sh -c 'mkdir -p /m/a; echo in > /m/a/f; ln -s a /m/good; ln -s /a /m/abs; ln -s / /m/out; ln -s ../.. /m/up; ln -s /etc /m/etc'; for s in good abs etc; do echo "- $s"; pod run --rm --network none --mount type=volume,src=v,dst=/x,subpath=$s $IMG sh -c 'ls /x | head -3'; [ $? -lt 125 ] || echo refused; done; pod volume rm v
# case volume-subpath-copy
pod run --rm --network none --mount type=volume,src=fresh,dst=/data,subpath=sub $IMG ls /data; [ $? -lt 125 ] || echo refused; pod volume rm fresh
# case overlay
mkdir $TMP/d; echo low > $TMP/d/f; pod run --network none --name k -v $TMP/d:/m:O $IMG sh -c 'cat /m/f; echo new > /m/g; echo changed > /m/f; ls /m; cat /m/f'; ls $TMP/d; cat $TMP/d/f; pod start -a k
# case overlay-upper
mkdir $TMP/d $TMP/u $TMP/w; echo low > $TMP/d/f; pod run --rm --network none -v $TMP/d:/m:O,upperdir=$TMP/u,workdir=$TMP/w $IMG sh -c 'echo new > /m/g; ls /m'; ls $TMP/d $TMP/u; pod run --rm --network none -v $TMP/d:/m:O,upperdir=$TMP/u,workdir=$TMP/w $IMG ls /m
# case overlay-words1
mkdir $TMP/d $TMP/u $TMP/w; echo low > $TMP/d/f; for o in O,ro O,rw O,U O,z O,noexec O,rslave O,upperdir=$TMP/u O,workdir=$TMP/w; do echo "- $o" | sed "s|$TMP|TMP|g"; pod run --rm --network none -v $TMP/d:/m:$o $IMG sh -c 'cat /m/f; touch /m/x; echo $?'; [ $? -lt 125 ] || echo refused; done; ls $TMP/d $TMP/u
# case overlay-words2
mkdir $TMP/d $TMP/u $TMP/w; echo low > $TMP/d/f; for o in O,upperdir=$TMP/nosuch,workdir=$TMP/w upperdir=$TMP/u,workdir=$TMP/w upperdir=$TMP/u O,volatile O,O O,idmap O,upperdir=u,workdir=w; do echo "- $o" | sed "s|$TMP|TMP|g"; pod run --rm --network none -v $TMP/d:/m:$o $IMG sh -c 'cat /m/f; touch /m/x; echo $?'; [ $? -lt 125 ] || echo refused; done; ls $TMP/d $TMP/u
# case overlay-volume
pod run --rm --network none -v v:/m $IMG sh -c 'echo f > /m/f'; pod run --rm --network none -v v:/m:O $IMG sh -c 'cat /m/f; echo g > /m/g'; pod run --rm --network none -v v:/m $IMG ls /m; pod run --rm --network none -v fresh:/data:O $IMG ls /data; pod volume ls -q; pod volume rm -a
# case overlay-anonymous
pod run --rm --network none -v /data:O $IMG ls /data; [ $? -lt 125 ] || echo refused; pod run --rm --network none -v $TMP/nosuch:/m:O $IMG true; [ $? -lt 125 ] || echo refused; echo x > $TMP/f; pod run --rm --network none -v $TMP/f:/m:O $IMG true; [ $? -lt 125 ] || echo refused
# case overlay-inspect
{ mkdir $TMP/d; pod create --network none --name k -v $TMP/d:/m:O -v v:/v:O $IMG true >/dev/null; pod inspect k | sed -n '/^ *"Mounts": \[/,/^          \]/p' | sed 's|"/.*/volumes|"/volumes|'; pod inspect k --format '{{json .HostConfig.Binds}}'; pod rm k; pod volume rm v; } 2>/dev/null
# case overlay-owner
mkdir $TMP/d; chmod 751 $TMP/d; pod run --rm --network none -v $TMP/d:/m:O $IMG stat -c '%a %u %g' /m; pod run --rm --network none -u 5:6 -v $TMP/d:/m:O,U $IMG stat -c '%a %u %g' /m; stat -c '%a' $TMP/d
# case overlay-volumes-from
mkdir $TMP/d; echo low > $TMP/d/f; pod create --network none --name a -v $TMP/d:/m:O $IMG true >/dev/null; pod run --rm --network none --volumes-from a $IMG sh -c 'ls /m'; [ $? -lt 125 ] || echo refused; pod rm a
# case overlay-submount
mkdir $TMP/d; pod run --rm --network none -v $TMP/d:/m:O -v $TMP/d:/m/sub $IMG sh -c 'ls /m; touch /m/sub/y'; ls $TMP/d
# case overlay-mount-flag
mkdir $TMP/d; pod run --rm --network none --mount type=bind,src=$TMP/d,dst=/m,O $IMG true; echo $?; pod run --rm --network none --mount type=volume,src=v,dst=/m,O $IMG true; echo $?
# case rootfs-overlay
mkdir $TMP/r; pod create --name x $IMG >/dev/null; pod export x | tar -xf - -C $TMP/r 2>/dev/null; pod rm x; pod run --network none --name k --rootfs $TMP/r:O sh -c 'echo new > /g; ls /g /data'; ls $TMP/r/g; pod start -a k; pod inspect k --format '{{.Rootfs}}' | sed "s|$TMP|TMP|"; pod rm k; pod run --rm --network none --rootfs $TMP/r:nosuch sh -c true; echo $?; pod run --rm --network none --rootfs $TMP/r:O,ro true; echo $?; pod run --rm --network none --rootfs $TMP/r sh -c 'echo kept > /g'; ls $TMP/r/g
# case rootfs-words
mkdir $TMP/r; pod create --name x $IMG >/dev/null; pod export x | tar -xf - -C $TMP/r 2>/dev/null; pod rm x; for o in '' O,O :O idmap=x nosuch ro; do echo "- $o"; pod run --rm --network none --rootfs "$TMP/r:$o" true; [ $? -lt 125 ] || echo refused; done; pod run --rm --network none --rootfs $TMP/nosuch:O true; echo $?
# case idmap root-only: the kernel lets nobody else
mkdir $TMP/d; chown 0:0 $TMP/d; echo x > $TMP/d/f; chown 5:6 $TMP/d/f; pod run --rm --network none --uidmap 0:100000:1000 --gidmap 0:100000:1000 -v $TMP/d:/m:idmap $IMG sh -c 'stat -c "%u %g" /m /m/f; touch /m/n'; stat -c '%u %g' $TMP/d/n; pod run --rm --network none -v $TMP/d:/m:idmap $IMG stat -c '%u %g' /m/f; pod run --rm --network none --uidmap 0:100000:1000 --gidmap 0:100000:1000 --mount type=bind,src=$TMP/d,dst=/m,idmap $IMG stat -c '%u %g' /m/f
# case idmap-words root-only: the kernel lets nobody else
mkdir $TMP/d; echo x > $TMP/d/f; chown 5:6 $TMP/d/f; for o in 'idmap=uids=5-50-1#0-0-1;gids=6-60-1' 'idmap=uids=5-50-1' 'idmap=gids=6-60-1;uids=5-50-1' 'idmap=uids=@5-50-1;gids=@6-60-1' 'idmap=uids=0-0-10;gids=0-0-10' 'idmap=uids=5-50' 'idmap=x' 'idmap=' 'idmap=uids=;gids=' 'idmap=uids=a-b-c' 'idmap=uids=5-50-1;nosuch=1' 'idmap,U' 'idmap,ro' 'idmap,idmap' 'idmap=true' 'idmap=false'; do echo "- $o"; pod run --rm --network none -v "$TMP/d:/m:$o" $IMG stat -c '%u %g' /m/f; [ $? -lt 125 ] || echo refused; pod run --rm --network none --mount "type=bind,src=$TMP/d,dst=/m,$o" $IMG stat -c '%u %g' /m/f; [ $? -lt 125 ] || echo refused; done
# case idmap-volume root-only: the kernel lets nobody else
pod run --rm --network none -v v:/m $IMG sh -c 'echo f > /m/f; chown 5:6 /m/f'; pod run --rm --network none --uidmap 0:100000:1000 --gidmap 0:100000:1000 -v v:/m:idmap $IMG stat -c '%u %g' /m /m/f; pod run --rm --network none --uidmap 0:100000:1000 --gidmap 0:100000:1000 --mount type=volume,src=v,dst=/m,idmap $IMG stat -c '%u %g' /m/f; pod run --rm --network none --uidmap 0:100000:1000 --gidmap 0:100000:1000 -v fresh:/data:idmap $IMG sh -c 'stat -c "%u %g" /data /data/*'; pod run --rm --network none -v fresh:/data $IMG sh -c 'stat -c "%u %g" /data /data/*'; pod volume rm -a
# case idmap-inspect
mkdir $TMP/d; pod create --network none --name k -v $TMP/d:/m:idmap $IMG true >/dev/null; echo $?; pod inspect k | sed -n '/^ *"Mounts": \[/,/^          \]/p' | sed 's|"/.*/volumes|"/volumes|'; pod inspect k --format '{{json .HostConfig.Binds}}'
# case idmap-refused-to-users
mkdir $TMP/d; pod run --rm --network none -v $TMP/d:/m:idmap $IMG true; [ $? -lt 125 ] || echo refused; pod ps -aq
# case image-volume
pod create --name x $IMG >/dev/null; pod commit -q --change 'VOLUME /data' --change 'VOLUME /vol' x localhost/vols >/dev/null; pod rm x; for o in anonymous tmpfs ignore '' nosuch; do echo "- $o"; pod run --rm --network none --image-volume=$o localhost/vols sh -c "ls /data; ls -d /vol; grep -E ' /(data|vol) ' /proc/self/mountinfo | cut -d' ' -f5,6 | sed 's/,relatime//' | sort"; [ $? -lt 125 ] || echo refused; done; pod create --image-volume tmpfs --network none --name k localhost/vols >/dev/null; pod inspect k --format '{{json .Mounts}} {{json .HostConfig.Tmpfs}} {{json .HostConfig.Binds}}'; pod volume ls -q | wc -l; pod rm k; pod rmi localhost/vols >/dev/null
# case image-volume-bind
pod run --rm --network none --image-volume=bind $IMG true; echo $?
# case overlay-volume-later
pod run --rm --network none -v fresh:/data:O $IMG ls /data; pod run --rm --network none -v fresh:/m $IMG ls /m; pod volume rm fresh
# case no-dereference-in-directory
mkdir $TMP/d; echo x > $TMP/d/f; ln -s f $TMP/d/l; echo old > $TMP/d/m; pod run --rm --network none -v $TMP/d:/v --mount type=bind,src=$TMP/d/l,dst=/v/n,no-dereference $IMG readlink /v/n; readlink $TMP/d/n; pod run --rm --network none -v $TMP/d/l:/x:no-dereference $IMG readlink /x
# case image-no-layers-of-own
pod run --rm --network none --read-only --mount type=image,src=$IMG,dst=/i,rw=true $IMG sh -c 'touch /i/x; echo $?; touch /x 2>/dev/null; echo $?'
# case tmpfs-modes
for o in '' :U :notmpcopyup :notmpcopyup,U :mode=710 :mode=710,notmpcopyup; do pod run --rm --network none -u 5:6 --tmpfs /data$o --tmpfs /new$o --tmpfs /tmp$o $IMG stat -c '%a %u %g %n' /data /new /tmp; done
# case volume-flag-words1
mkdir $TMP/d; for o in noatime sync async copy nocopy unbindable dirsync nr_inodes=3 size=1m mode=700 subpath=x; do echo "- $o"; pod run --rm --network none -v $TMP/d:/m:$o $IMG sh -c "grep ' /m ' /proc/self/mountinfo | cut -d' ' -f6 | sed 's/,relatime//;s/noatime,//'"; [ $? -lt 125 ] || echo refused; done
# case volume-flag-words2
mkdir $TMP/d; for o in tmpcopyup no-dereference rro norelatime consistent delegated cached ro,ro z,Z bind,rbind; do echo "- $o"; pod run --rm --network none -v $TMP/d:/m:$o $IMG sh -c "grep ' /m ' /proc/self/mountinfo | cut -d' ' -f6 | sed 's/,relatime//;s/noatime,//'"; [ $? -lt 125 ] || echo refused; done
