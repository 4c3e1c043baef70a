# case create
pod manifest create l1 | wc -c; pod manifest create l1; echo $?; pod manifest create --amend l1 | wc -c; pod manifest inspect l1; pod manifest create busy >/dev/null; echo $?; pod manifest create; echo $?; pod manifest rm l1 | sed 's/ID64/x/'
# case exists
pod manifest create l1 >/dev/null; pod manifest exists l1; echo $?; pod manifest exists localhost/l1:latest; echo $?; pod manifest exists nosuch; echo $?; pod manifest exists busy; echo $?; pod image exists l1; echo $?; pod manifest rm l1 >/dev/null
# case create-with-images
pod manifest create l2 localhost/busy | wc -c; pod manifest inspect l2; pod image exists l2; echo $?; pod run --rm --network none l2 echo ran; pod manifest rm l2 | wc -l
# case add
pod manifest create l1 >/dev/null; pod manifest add l1 localhost/busy | wc -c; pod manifest add l1 containers-storage:localhost/busy | wc -c; pod manifest inspect l1; pod manifest add nosuch busy; echo $?; pod manifest add l1; echo $?; pod manifest rm l1 >/dev/null
# case add-platform
pod manifest create l1 >/dev/null; pod manifest add --os linux --arch arm64 --variant v8 --annotation a=b --annotation c=d l1 localhost/busy >/dev/null; pod manifest inspect l1; pod manifest add --os windows --os-version 10.0.1 l1 localhost/busy >/dev/null; pod manifest inspect l1; pod manifest rm l1 >/dev/null
# case annotate
pod manifest create l1 localhost/busy >/dev/null; d=$(pod manifest inspect l1 | sed -n 's/.*"digest": "\(.*\)".*/\1/p'); pod manifest annotate --arch s390x --annotation x=y l1 $d | wc -c; pod manifest annotate --index --annotation top=1 l1 | wc -c; pod manifest inspect l1; pod manifest annotate --os-version 3 --variant v9 l1 $d >/dev/null; pod manifest inspect l1; pod manifest annotate nosuch $d; echo $?; pod manifest annotate l1; echo $?; pod manifest rm l1 >/dev/null
# case remove
pod manifest create l1 localhost/busy >/dev/null; d=$(pod manifest inspect l1 | sed -n 's/.*"digest": "\(.*\)".*/\1/p'); pod manifest remove l1 $d | wc -c; pod manifest inspect l1; pod manifest remove l1 $d; echo $?; pod manifest remove l1 sha256:00; echo $?; pod manifest remove nosuch $d; echo $?; pod manifest remove l1; echo $?; pod manifest rm l1 >/dev/null
# case rm
pod manifest create l1 >/dev/null; pod manifest create l2 >/dev/null; pod manifest rm l1 nosuch | wc -l; echo ${PIPESTATUS[0]}; pod manifest rm busy; echo $?; pod manifest rm; echo $?; pod manifest rm -i nosuch; echo $?; pod rmi l2; pod manifest exists l2; echo $?; pod image exists busy; echo $?
# case tag-and-list
pod manifest create l1 localhost/busy >/dev/null; pod tag l1 l4; pod manifest inspect l4 | head -3; pod images --format '{{.Repository}}:{{.Tag}}' | grep localhost/l | sort; pod manifest rm l4 | head -1; pod manifest exists l1; echo $?; pod manifest rm l1 >/dev/null
# case annotation-bad
pod manifest create --annotation x l1; echo $?; pod manifest exists l1 >/dev/null 2>&1; pod manifest create -a l1 >/dev/null 2>&1; pod manifest add --annotation x l1 localhost/busy; echo $?; pod manifest rm l1 >/dev/null 2>&1; true
# case create-annotation
pod manifest create --annotation k=v --annotation k2=v2 l1 localhost/busy >/dev/null; pod manifest inspect l1 | tail -6; pod manifest rm l1 >/dev/null
# case inspect-image
pod inspect --type image l9; echo $?; pod manifest create l9 localhost/busy >/dev/null; [ "$(pod inspect l9 --format '{{.Id}}')" = "$(pod inspect localhost/busy --format '{{.Id}}')" ] && echo same; pod manifest rm l9 >/dev/null
# case annotate-missing
pod manifest create l1 localhost/busy >/dev/null; pod manifest annotate l1 sha256:1111111111111111111111111111111111111111111111111111111111111111; echo $?; pod manifest rm l1 >/dev/null
# case annotate-os-features
pod manifest create l1 localhost/busy >/dev/null; d=$(pod manifest inspect l1 | sed -n 's/.*"digest": "\(.*\)".*/\1/p'); pod manifest annotate --os-features f1,f2 l1 $d >/dev/null; pod manifest inspect l1 | grep -c '"f1"'; pod manifest rm l1 >/dev/null
