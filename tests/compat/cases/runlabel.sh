# case image
label() { pod create --name x --label "run=$1" --label LOUD='podman version --format loud' $IMG true >/dev/null; pod commit -q x lab >/dev/null; pod rm -f x >/dev/null; }
own() { sed 's/^command: [a-z]*/command: OWN/'; }
label 'podman run $IMAGE ${IMAGE} IMAGE =IMAGE a=IMAGE a=IMAGE=NAME IMAGE=IMAGE=IMAGE xIMAGE IMAGEx =IMAGEx x$IMAGEy $IMAGE/y'; pod container runlabel --display run lab | own; pod container runlabel --display run localhost/lab:latest | own; pod container runlabel --display run $(pod image inspect lab --format '{{.Id}}') | own; pod rmi -f lab >/dev/null
# case name
label() { pod create --name x --label "run=$1" $IMG true >/dev/null; pod commit -q x lab >/dev/null; pod rm -f x >/dev/null; }
own() { sed 's/^command: [a-z]*/command: OWN/'; }
label 'podman run --name NAME --name=NAME $NAME ${NAME} ${NAME}_data xNAME NAMEx'; pod container runlabel --display run lab | own; pod container runlabel --display --name web run lab | own; pod container runlabel --display -n web --replace run lab | own; pod rmi -f lab >/dev/null
# case variables
label() { pod create --name x --label "run=$1" $IMG true >/dev/null; pod commit -q x lab >/dev/null; pod rm -f x >/dev/null; }
own() { sed 's/^command: [a-z]*/command: OWN/'; }
export SECRET=seen; cd $TMP; label 'podman run -v $PWD/x:/x a${PWD}b PWD $SECRET ${SECRET} s=$SECRET $NOSUCH $OPT1 OPT1 ${OPT2} o=$OPT3 end'; pod container runlabel --display run lab | own; pod container runlabel --display --opt1 one --opt2 '-e  two' --opt3 three run lab | own; HOME=$TMP; label 'podman run $HOME'; pod container runlabel --display run lab | sed 's/.* //' | wc -l; pod rmi -f lab >/dev/null
# case words
label() { pod create --name x --label "run=$1" $IMG true >/dev/null; pod commit -q x lab >/dev/null; pod rm -f x >/dev/null; }
own() { sed 's/^command: [a-z]*/command: OWN/'; }
label '  podman   run  a#b $(id) `id` ; ls > x | y && z * ~ # nothing of this'; pod container runlabel --display run lab | own; label "podman run 'a b' \"c d\" e\\ f 'g\$IMAGE'\"h\$NAME\" i\"\"j"; pod container runlabel --display run lab | own; label 'podman run
x	y'; pod container runlabel --display run lab | own; label 'podman run "open'; pod container runlabel --display run lab; echo $?; label podman; pod container runlabel --display run lab | own; pod rmi -f lab >/dev/null
# case arguments
label() { pod create --name x --label "run=$1" $IMG true >/dev/null; pod commit -q x lab >/dev/null; pod rm -f x >/dev/null; }
own() { sed 's/^command: [a-z]*/command: OWN/'; }
label 'podman run IMAGE'; pod container runlabel --display run lab a -b '$IMAGE' NAME | own; pod container runlabel --display run lab -- -x --y | own; pod container runlabel run; echo $?; pod container runlabel; echo $?; pod container runlabel --bogus run lab; echo $?; pod rmi -f lab >/dev/null
# case program
label() { pod create --name x --label "run=$1" $IMG true >/dev/null; pod commit -q x lab >/dev/null; pod rm -f x >/dev/null; }
own() { sed 's/^command: [a-z]*/command: OWN/'; }
for program in podman docker /usr/bin/podman; do label "$program version --format x"; pod container runlabel --display run lab | own; pod container runlabel run lab; done; label './podman version'; pod container runlabel --display run lab; echo $?; pod rmi -f lab >/dev/null
# case label
label() { pod create --name x --label "run=$1" --label LOUD='podman version --format loud' $IMG true >/dev/null; pod commit -q x lab >/dev/null; pod rm -f x >/dev/null; }
label 'podman version --format quiet'; pod container runlabel run lab; pod container runlabel RUN lab; pod container runlabel loud lab; pod container runlabel nosuch lab; echo $?; pod container runlabel ru lab; echo $?; label ''; pod container runlabel run lab; echo $?; pod rmi -f lab >/dev/null
# case fails
label() { pod create --name x --label "run=$1" $IMG true >/dev/null; pod commit -q x lab >/dev/null; pod rm -f x >/dev/null; }
label 'podman nosuch'; pod container runlabel run lab; echo $?; label 'podman version --format'; pod container runlabel run lab; echo $?; label 'podman version --format x'; pod container runlabel --quiet run lab; echo $?; pod container runlabel -q run lab more words; echo $?; pod rmi -f lab >/dev/null
# case host-program
label() { pod create --name x --label "run=$1" $IMG true >/dev/null; pod commit -q x lab >/dev/null; pod rm -f x >/dev/null; }
label 'echo from-the-host'; pod container runlabel run lab; echo $?; pod rmi -f lab >/dev/null
