# case show
cat > $TMP/p.json <<'X'
{"default":[{"type":"reject"}],"transports":{"docker":{"docker.io":[{"type":"insecureAcceptAnything"}],"quay.io/a":[{"type":"reject"}],"":[{"type":"reject"}]},"docker-daemon":{"":[{"type":"insecureAcceptAnything"}]},"dir":{"/tmp":[{"type":"reject"}]}}}
X
pod image trust show --policypath $TMP/p.json; pod image trust show --policypath $TMP/p.json --json; pod image trust show --policypath $TMP/p.json --raw; pod image trust show -n --policypath $TMP/p.json quay.io
# case show-missing
pod image trust show --policypath $TMP/nosuch; echo $?; echo '{' > $TMP/p; pod image trust show --policypath $TMP/p; echo $?; pod image trust show a b; echo $?
# case set
pod image trust set --policypath $TMP/n.json -t accept default; cat $TMP/n.json; echo; pod image trust set --policypath $TMP/n.json -t reject quay.io/b; pod image trust set --policypath $TMP/n.json -t signedBy -f /a -f /b quay.io/c; pod image trust set --policypath $TMP/n.json -t sigstoreSigned -f /a quay.io/a; cat $TMP/n.json; pod image trust set --policypath $TMP/n.json -t accept quay.io/c; pod image trust set --policypath $TMP/n.json -t reject default; cat $TMP/n.json
# case set-bad
pod image trust set -t accept --policypath $TMP/n.json default; pod image trust set; echo $?; pod image trust set -t bogus --policypath $TMP/n.json quay.io; echo $?; pod image trust set --policypath $TMP/n.json quay.io; echo $?; pod image trust set -t accept --policypath $TMP/n.json 'bad name'; echo $?; pod image trust set -t accept --policypath $TMP/nosuch/n.json default; echo $?
# case load-rejected
pod save -q -o $TMP/a.tar $IMG; echo '{"default":[{"type":"reject"}]}' > $TMP/p.json; pod load -q --signature-policy $TMP/p.json -i $TMP/a.tar; echo $?; echo '{"default":[{"type":"reject"}],"transports":{"docker-archive":{"":[{"type":"insecureAcceptAnything"}]}}}' > $TMP/p.json; pod load -q --signature-policy $TMP/p.json -i $TMP/a.tar; echo $?
# case pull-dir-rejected
pod save -q --format oci-dir -o $TMP/o $IMG; pod save -q --format oci-archive -o $TMP/o.tar $IMG; echo '{"default":[{"type":"insecureAcceptAnything"}],"transports":{"oci":{"'$TMP'":[{"type":"reject"}]},"oci-archive":{"":[{"type":"reject"}]}}}' > $TMP/p.json; pod pull -q --signature-policy $TMP/p.json oci:$TMP/o | wc -l; echo ${PIPESTATUS[0]}; pod pull -q --signature-policy $TMP/p.json oci-archive:$TMP/o.tar; echo $?; echo '{"default":[{"type":"reject"}],"transports":{"oci":{"/":[{"type":"reject"}],"'$TMP/o'":[{"type":"insecureAcceptAnything"}]}}}' > $TMP/p.json; pod pull -q --signature-policy $TMP/p.json oci:$TMP/o | wc -l
# case policy-bad
for p in '{}' '{"default":[]}' '{"default":[{"type":"bogus"}]}' '{"default":[{"type":"reject"}],"x":1}' '{"default":[{"type":"signedBy"}]}' 'x'; do echo "$p" > $TMP/p.json; pod pull -q --signature-policy $TMP/p.json 127.0.0.1:1/x; echo $?; done; pod pull --signature-policy $TMP/nosuch 127.0.0.1:1/x; echo $?
# case show-store
mkdir $TMP/d; printf 'default-docker:\n  lookaside: file:///all\n' > $TMP/d/a.yaml; printf 'docker:\n  quay.io/a:\n    sigstore: https://h/x\n  quay.io/b:\n    lookaside-staging: file:///st\n' > $TMP/d/b.yaml; echo '{"default":[{"type":"reject"}],"transports":{"docker":{"quay.io/a/b":[{"type":"sigstoreSigned","keyPath":"/k"},{"type":"reject"}],"quay.io/b":[{"type":"reject"}],"":[{"type":"reject"}]},"dir":{"/tmp":[{"type":"reject"}]}}}' > $TMP/p.json
pod image trust show --policypath $TMP/p.json --registrypath $TMP/d; pod image trust show --json --policypath $TMP/p.json --registrypath $TMP/d; pod image trust show -n --policypath $TMP/p.json --registrypath $TMP/nosuch; rm $TMP/d/*; pod image trust show -n --policypath $TMP/p.json --registrypath $TMP/d
