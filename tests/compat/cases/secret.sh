# secrets: their commands, and --secret of create and run. IDs have 25 digits: id turns them into a word.
# case create-prints-id
printf hello | pod secret create a - | tr 0-9a-f x; pod secret rm -a | wc -l
# case create-from-file
printf hello > $TMP/f; pod secret create a $TMP/f | wc -c; pod secret inspect --showsecret --format '{{.SecretData}}' a; pod secret rm a | wc -c
# case create-from-env
FOO=bar pod secret create --env a FOO | wc -c; pod secret inspect --showsecret --format '{{.SecretData}}' a; pod secret create --env b NOT_THERE; echo $?; pod secret rm -a | wc -l
# case create-env-empty
FOO= pod secret create --env a FOO; echo $?; pod secret ls -q
# case create-file-missing
pod secret create a $TMP/missing; echo $?; pod secret ls -q | wc -l
# case create-of-a-directory
pod secret create a $TMP; echo $?; pod secret ls -q | wc -l
# case create-empty
printf '' | pod secret create a -; echo $?; pod secret ls -q | wc -l
# case create-too-large
head -c 512000 /dev/zero > $TMP/f; pod secret create a $TMP/f; echo $?; head -c 511999 /dev/zero > $TMP/f; pod secret create a $TMP/f | wc -c; pod secret rm -a | wc -l
# case create-bad-names
for n in a/b a,b a=b '' "$(printf 'x%.0s' $(seq 254))" "$(printf 'ü%.0s' $(seq 127))"; do printf x | pod secret create "$n" - >/dev/null; echo $?; done; pod secret ls -q | wc -l
# case create-odd-names
for n in 'a b' .x .. + 12345 +.x "$(printf 'x%.0s' $(seq 253))" "$(printf 'ü%.0s' $(seq 126))"; do printf x | pod secret create "$n" - >/dev/null; echo $?; pod secret inspect --format '{{.Spec.Name}}' -- "$n"; done; pod secret rm -a | wc -l
# case create-dash-name
printf x | pod secret create -- -x - | wc -c; pod secret rm -- -x | wc -c
# case create-twice
printf 1 | pod secret create a - | wc -c; printf 2 | pod secret create a -; echo $?; pod secret inspect --showsecret --format '{{.SecretData}}' a; pod secret rm -a | wc -l
# case create-ignore
a=$(printf 1 | pod secret create a -); b=$(printf 2 | pod secret create --ignore a -); [ "$a" = "$b" ] && echo same; pod secret inspect --showsecret --format '{{.SecretData}}' a; pod secret rm -a | wc -l
# case create-replace
a=$(printf 1 | pod secret create -l x=y a -); b=$(printf 2 | pod secret create --replace a -); [ "$a" != "$b" ] && echo other; pod secret inspect --showsecret --format '{{.SecretData}} {{.Spec.Labels}}' a; pod secret ls -q | wc -l; pod secret exists $a; echo $?; pod secret rm -a | wc -l
# case create-replace-keeps-created
printf 1 | pod secret create a - >/dev/null; c=$(pod secret inspect --format '{{.CreatedAt}}' a); printf 2 | pod secret create --replace a - >/dev/null; [ "$c" = "$(pod secret inspect --format '{{.CreatedAt}}' a)" ] && echo kept; [ "$c" = "$(pod secret inspect --format '{{.UpdatedAt}}' a)" ] || echo updated; pod secret rm -a | wc -l
# case create-replace-new
printf 1 | pod secret create --replace a - | wc -c; pod secret rm -a | wc -l
# case create-replace-and-ignore
printf 1 | pod secret create --replace --ignore a -; echo $?
# case create-labels
printf x | pod secret create -l a=b -l c --label a=2 --label 'd e=f,g=h' a - | wc -c; pod secret inspect --format '{{.Spec.Labels}}' a; printf x | pod secret create -l =x b -; echo $?; pod secret rm -a | wc -l
# case create-words
pod secret create a; echo $?; pod secret create; echo $?; pod secret create a b c; echo $?
# case create-bad-driver
printf x | pod secret create -d bogus a -; echo $?; printf x | pod secret create --driver '' a - | wc -c; pod secret rm -a | wc -l
# case create-driver-opts
printf x | pod secret create --driver-opts a=b=c,d= --driver-opts e=f a - | wc -c; pod secret inspect --format '{{.Spec.Driver.Name}} {{index .Spec.Driver.Options "a"}} {{index .Spec.Driver.Options "d"}} {{index .Spec.Driver.Options "e"}}' a; printf x | pod secret create --driver-opts foo b -; echo $?; pod secret rm -a | wc -l
# case shell
S="list=ls $TMP/d,lookup=cat $TMP/d/\$SECRET_ID,store=cat >$TMP/d/\$SECRET_ID,delete=rm $TMP/d/\$SECRET_ID"; mkdir $TMP/d
id=$(printf hello | pod secret create -d shell --driver-opts "$S" a -); cat $TMP/d/$id; echo; pod secret inspect --showsecret --format '{{.SecretData}} {{.Spec.Driver.Name}}' a; run true; pod run --rm --network none --secret a $IMG cat /run/secrets/a; pod run --rm --network none --secret a,type=env $IMG sh -c 'echo $a'; pod secret rm a | wc -c; ls $TMP/d
# case shell-options
for o in list=true,lookup=true,store=true list=true,lookup=true,store=true,delete=true,foo=bar list=true; do printf x | pod secret create -d shell --driver-opts $o a -; echo $?; done; pod secret ls -q | wc -l
# case shell-store-fails
printf x | pod secret create -d shell --driver-opts list=true,lookup=true,store=false,delete=true a -; echo $?; pod secret ls -q | wc -l
# case shell-lookup-fails
printf x | pod secret create -d shell --driver-opts list=true,lookup=false,store=true,delete=true a - | wc -c; pod secret inspect --showsecret a; echo $?; pod secret inspect --format '{{.Spec.Name}}' a; pod run --rm --network none --secret a $IMG true; echo $?; pod secret rm a | wc -c
# case shell-delete-fails
printf x | pod secret create -d shell --driver-opts "list=true,lookup=true,store=true,delete=test -f $TMP/d" a - | wc -c; pod secret rm a; echo $?; pod secret ls -q | wc -l; : > $TMP/d; pod secret rm a | wc -c
# case ls-empty
pod secret ls; pod secret ls -q; pod secret ls -n; pod secret ls --format '{{.Name}}'
# case ls
id() { sed 's/[0-9a-f]\{25\}/ID/'; }
printf x | pod secret create a - >/dev/null; pod secret ls | id; pod secret ls -n | id; pod secret ls -q | id; pod secret list | id; pod secret rm -a | wc -l
# case ls-format
printf x | pod secret create a - >/dev/null; pod secret ls --format '{{.Name}} {{.Driver}} {{.CreatedAt}} {{.UpdatedAt}}'; pod secret ls --format 'table {{.Name}}\t{{.Driver}}'; pod secret ls -n --format 'table {{.Name}}'; pod secret ls --format json; pod secret ls --format '{{range .}}{{.Name}}|{{end}}'; pod secret ls -q --format '{{.Name}}' | wc -c; pod secret ls --format '{{.Bogus}}'; echo $?; pod secret ls extra; echo $?; pod secret rm -a | wc -l
# case ls-filters
for n in a1 b1 ab; do printf x | pod secret create $n - >/dev/null; done; for f in name=a name=^a1 name=b1 name=zz name=a,b 'name=['; do echo "- $f"; pod secret ls --filter $f --format '{{.Name}}' | sort; done; pod secret ls -f name=a1 -f name=b1 --format '{{.Name}}' | sort; i=$(pod secret inspect --format '{{.ID}}' b1); pod secret ls -f id=$i --format '{{.Name}}'; pod secret ls -f foo=bar; echo $?; pod secret ls -f name; echo $?; pod secret rm -a | wc -l
# case inspect
printf x | pod secret create -l a=b -l c= a - >/dev/null; pod secret inspect a | sed 's/"[0-9a-f]\{25\}"/"ID"/; s|"path": .*|"path"|'; pod secret inspect --showsecret a | grep SecretData; pod secret inspect a | grep -c SecretData; pod secret rm -a | wc -l
# case inspect-pretty
id() { sed 's/[0-9a-f]\{25\}/ID/'; }
printf x | pod secret create -l a=b -l c= a - >/dev/null; printf x | pod secret create b - >/dev/null; pod secret inspect --pretty a b | id; pod secret inspect --pretty --showsecret b | id; pod secret inspect --pretty --format '{{.ID}}' b | id; pod secret rm -a | wc -l
# case inspect-format
printf 'x\n' | pod secret create -l a=b a - >/dev/null; for f in '{{.Spec.Name}} {{.Spec.Labels}} {{.SecretData}}|' '{{.Spec.Driver.Name}}\n' '{{json .Spec.Labels}}' json '{{.CreatedAt}}' '{{.Bogus}}'; do pod secret inspect -f "$f" a; echo $?; done; pod secret inspect --showsecret -f '[{{.SecretData}}]' a; pod secret rm -a | wc -l
# case inspect-missing
printf x | pod secret create a - >/dev/null; pod secret inspect nope; echo $?; pod secret inspect -f '{{.Spec.Name}}' nope a nope2; echo $?; pod secret inspect; echo $?; pod secret inspect --pretty nope; echo $?; pod secret rm -a | wc -l
# case inspect-by-id
i=$(printf x | pod secret create a -); pod secret inspect -f '{{.Spec.Name}}' $i; pod secret inspect -f '{{.Spec.Name}}' ${i:0:6}; pod secret rm ${i:0:6} | wc -c
# case inspect-odd-bytes
printf 'a\0b"\n<é>' | pod secret create a - >/dev/null; pod secret inspect --showsecret a | grep SecretData; pod secret rm -a | wc -l
# case exists
printf x | pod secret create a - >/dev/null; pod secret exists a; echo $?; pod secret exists nope; echo $?; pod secret exists; echo $?; pod secret rm -a | wc -l
# case rm
for n in a b c; do printf x | pod secret create $n - >/dev/null; done; pod secret rm nope; echo $?; pod secret rm -i nope; echo $?; pod secret rm nope a nope2 b | wc -l; pod secret rm; echo $?; pod secret rm -a c; echo $?; pod secret rm --ignore nope c | wc -l; pod secret rm -a; echo $?
# case rm-one-fails
printf x | pod secret create a - >/dev/null; pod secret rm nope a >/dev/null; echo $?; pod secret ls -q | wc -l
# case run-file
printf hello | pod secret create a - >/dev/null; pod run --rm --network none --secret a $IMG sh -c 'cat /run/secrets/a; stat -c " %u %g %a %s %F" /run/secrets /run/secrets/a | sed "s/ 4096 / /; s/755 [0-9]* d/755 d/"; ls /run/secrets'; pod secret rm -a | wc -l
# case run-owner-and-mode
printf hello | pod secret create a - >/dev/null; for o in uid=5,gid=6,mode=0400 mode=400 mode=07777 uid=7 mode=0; do pod run --rm --network none --secret a,$o $IMG stat -c '%u %g %a' /run/secrets/a; done; pod secret rm -a | wc -l
# case run-target
printf hello | pod secret create a - >/dev/null; pod run --rm --network none --secret a,target=/foo/bar $IMG sh -c 'cat /foo/bar; stat -c " %u %g %a" /foo /foo/bar'; pod run --rm --network none --secret a,target=x/y $IMG sh -c 'find /run/secrets; stat -c "%u %g %a" /run/secrets/x'; pod run --rm --network none --secret a,target=../../x $IMG cat /x; pod run --rm --network none --secret a,target= $IMG ls /run/secrets; pod secret rm -a | wc -l
# case run-source
printf hello | pod secret create a - >/dev/null; pod run --rm --network none --secret source=a,type=mount,target=zz $IMG cat /run/secrets/zz; echo; pod run --rm --network none --secret type=mount,source=a $IMG cat /run/secrets/a; pod run --rm --network none --secret source=a $IMG true; echo $?; pod run --rm --network none --secret type=mount $IMG true; echo $?; pod secret rm -a | wc -l
# case run-bad-words
printf hello | pod secret create a - >/dev/null; for o in a,mode=abc a,mode=0o440 a,uid=abc a,uid=-1 a,gid=x a,foo=bar a,type=bar a,type=env,uid=5 a,type=env,mode=5 nope nope,type=env target=x,a a,target; do pod run --rm --network none --secret "$o" $IMG true; echo $?; done; pod ps -aq; pod secret rm -a | wc -l
# case run-target-root
printf hello | pod secret create a - >/dev/null; pod run --rm --network none --secret a,target=/ $IMG true; [ $? -ge 125 ] && echo refused; pod secret rm -a | wc -l
# case run-two
printf one | pod secret create a - >/dev/null; printf two | pod secret create b - >/dev/null; pod run --rm --network none --secret a --secret b $IMG sh -c 'ls /run/secrets; cat /run/secrets/*'; pod run --rm --network none --secret a --secret b,target=a $IMG cat /run/secrets/a; pod secret rm -a | wc -l
# case run-as-another
printf one | pod secret create a - >/dev/null; pod run --rm --network none -u 1000 --secret a $IMG cat /run/secrets/a; pod run --rm --network none -u 1000 --secret a,mode=0400 $IMG cat /run/secrets/a; echo $?; pod run --rm --network none -u 1000 --secret a,mode=0400,uid=1000 $IMG cat /run/secrets/a; pod secret rm -a | wc -l
# case run-write
printf one | pod secret create a - >/dev/null; pod run --name c --network none --secret a $IMG sh -c 'echo x > /run/secrets/a; cat /run/secrets/a; rm /run/secrets/a; echo $?; touch /run/secrets/new; ls /run/secrets'; pod secret inspect --showsecret -f '{{.SecretData}}' a; pod secret rm -a | wc -l
# case run-read-only
printf one | pod secret create a - >/dev/null; pod run --rm --read-only --network none --secret a $IMG sh -c 'echo x > /run/secrets/a; cat /run/secrets/a; touch /run/secrets/new; ls /run/secrets'; pod secret rm -a | wc -l
# case run-below-mounts
printf one | pod secret create a - >/dev/null; pod run --rm --network none --tmpfs /run --secret a $IMG cat /run/secrets/a; pod run --rm --network none -v vol:/data --secret a,target=/data/s $IMG cat /data/s; pod volume rm -a; pod secret rm -a | wc -l
# case run-over-a-file
printf one | pod secret create a - >/dev/null; pod run --rm --network none --secret a,target=/etc/passwd $IMG cat /etc/passwd; pod secret rm -a | wc -l
# case run-env
printf 'hello\n' | pod secret create a - >/dev/null; pod run --rm --network none --secret a,type=env $IMG sh -c 'echo "[$a]"'; pod run --rm --network none --secret a,type=env,target=FOO $IMG sh -c 'echo "[$FOO][$a]"; ls /run/secrets'; pod run --rm --network none --secret a,type=env,target=FOO -e FOO=cli $IMG sh -c 'echo "[$FOO]"'; pod secret rm -a | wc -l
# case inspect-container
printf one | pod secret create a - >/dev/null; pod create --network none --name c --secret a,uid=1,gid=2,mode=0440 --secret a,type=env,target=BB $IMG true >/dev/null; pod inspect c --format '{{len .Config.Secrets}} {{range .Config.Secrets}}{{.Name}} {{.UID}} {{.GID}} {{.Mode}}{{end}} {{len .Mounts}}'; pod inspect c | grep -c BB=; [ "$(pod inspect c --format '{{(index .Config.Secrets 0).ID}}')" = "$(pod secret inspect --format '{{.ID}}' a)" ] && echo id; pod secret rm -a | wc -l
# case inspect-container-without
pod create --network none --name c $IMG true >/dev/null; pod inspect c --format '{{.Config.Secrets}}'; pod inspect c | grep -c '"Secrets"'
# case file-is-a-copy
printf 'one\n' | pod secret create a - >/dev/null; pod create --network none --name c --secret a $IMG cat /run/secrets/a >/dev/null; printf 'two\n' | pod secret create --replace a - >/dev/null; pod start -a c; pod secret rm a | wc -c; pod start -a c; echo $?
# case env-is-looked-up
printf one | pod secret create a - >/dev/null; pod create --network none --name c --secret a,type=env $IMG sh -c 'echo $a' >/dev/null; pod start -a c; printf two | pod secret create --replace a - >/dev/null; pod start -a c; pod secret rm a | wc -c; pod start -a c; [ $? -ge 125 ] && echo refused; printf three | pod secret create a - >/dev/null; pod start -a c; pod secret rm -a | wc -l
# case exec
printf one | pod secret create a - >/dev/null; pod run -d --network none --name c --secret a --secret a,type=env,target=E $IMG sleep 100 >/dev/null; pod exec c sh -c 'echo $E; cat /run/secrets/a'; pod exec -e E=x c sh -c 'echo $E'; pod secret rm a | wc -c; pod exec c true; [ $? -ge 125 ] && echo refused
# case commit-has-none
printf canary | pod secret create a - >/dev/null; pod run -d --network none --name c --secret a --secret a,type=env,target=E $IMG sleep 100 >/dev/null; pod commit -q c localhost/com >/dev/null; pod run --rm --network none localhost/com sh -c 'cat /run/secrets/a; env | grep -c canary'; pod inspect localhost/com | grep -c canary; pod rm -f -t 0 c; pod rmi localhost/com >/dev/null; pod secret rm -a | wc -l
# case rm-of-a-used-one
printf one | pod secret create a - >/dev/null; pod run -d --network none --name c --secret a $IMG sleep 100 >/dev/null; pod secret rm a | wc -c; pod exec c cat /run/secrets/a
# case driver-of-conf
printf '[secrets]\ndriver = "shell"\n[secrets.opts]\nlist = "true"\nlookup = "echo looked-up"\nstore = "cat >/dev/null"\ndelete = "true"\n' > $TMP/c.conf; printf x | CONTAINERS_CONF_OVERRIDE=$TMP/c.conf pod secret create a - | wc -c; pod secret inspect --showsecret -f '{{.Spec.Driver.Name}} {{.SecretData}}' a; pod secret rm a | wc -c
# case login
printf x | pod secret create a - >/dev/null; pod login --secret a -p x localhost:1; echo $?; pod login --secret a --password-stdin localhost:1; echo $?; pod login --secret nope localhost:1; echo $?; pod secret rm -a | wc -l
# case events
t=$(date +%s); a=$(printf x | pod secret create a -); b=$(printf y | pod secret create --replace a -); pod secret rm a >/dev/null; named() { sed -n "s/$a/A/p; s/$b/B/p"; }; pod events --stream=false --since $t --filter type=secret | named | sed 's/$/|/'; pod events --stream=false --since $t --filter type=secret --format '{{.Type}} {{.Status}} {{.ID}} {{.Name}}|' | named
