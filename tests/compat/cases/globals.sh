# Flags of the program itself, before the command.
# case levels
for l in DEBUG Warn panic fatal; do pod --log-level "$l" image exists $IMG 2>/dev/null; echo $?; done; for f in -D --debug; do pod $f image exists nosuch 2>/dev/null; echo $?; done
# case noout
pod images >/dev/null && pod --noout version; pod --out $TMP/o version --format '{{.Client.Os}}'; cat $TMP/o
# case only
for w in cgroup-manager=cgroupfs cgroup-manager=bogus db-backend=sqlite db-backend=x network-backend=netavark network-backend=cni namespace= namespace=foo max-workers=3 max-workers=0 max-workers=x conmon=/nosuch network-cmd-path=/nosuch; do pod --$w image exists $IMG 2>/dev/null; echo $w $?; done
# case config-dir
mkdir -p $TMP/cfg $TMP/h/.config/containers; echo '{"auths":{"reg.invalid:5000":{"auth":"dTI6cA=="}}}' >$TMP/h/.config/containers/auth.json; echo '{"auths":{}}' >$TMP/cfg/config.json
export HOME=$TMP/h; unset XDG_CONFIG_HOME; l() { "$@" login --get-login reg.invalid:5000; }
l pod; l pod --config $TMP/cfg; (export DOCKER_CONFIG=$TMP/cfg; l pod); echo '{"auths":{"reg.invalid:5000":{"auth":"dTpw"}}}' >$TMP/cfg/config.json
l pod --config $TMP/cfg; (export DOCKER_CONFIG=$TMP/cfg; l pod); (export REGISTRY_AUTH_FILE=$TMP/h/.config/containers/auth.json; l pod --config $TMP/cfg); l pod --config /nosuch; pod --config $TMP/cfg logout reg.invalid:5000; cat $TMP/cfg/config.json | tr -d '\n\t '
# case registries-conf
printf 'unqualified-search-registries=["a.invalid"]\n' >$TMP/r; pod --registries-conf $TMP/r info --format '{{.Registries}}'; pod --registries-conf $TMP/none info --format x
# case save-uncompressed
pod save -q --uncompressed -o $TMP/a.tar $IMG; echo $?; types() { mkdir $TMP/u; tar xf $1 -C $TMP/u; for m in $(jq -r '.manifests[].digest' $TMP/u/index.json | cut -d: -f2); do jq -r '.layers[].mediaType' $TMP/u/blobs/sha256/$m; done; rm -r $TMP/u; }
for f in --uncompressed --uncompressed=false; do pod save -q $f --format oci-archive -o $TMP/b.tar $IMG; types $TMP/b.tar; pod load -q -i $TMP/b.tar | wc -l; rm $TMP/b.tar; done
# case signature-policy
echo '{"default":[{"type":"reject"}]}' >$TMP/reject; echo '{"default":[{"type":"insecureAcceptAnything"}]}' >$TMP/accept; mkdir $TMP/t; echo a >$TMP/t/a; tar -C $TMP/t -cf $TMP/t.tar a
for p in reject accept none; do pod save -q --signature-policy $TMP/$p -o $TMP/s.tar $IMG 2>/dev/null; echo save $p $?; rm -f $TMP/s.tar; pod import -q --signature-policy $TMP/$p $TMP/t.tar x >/dev/null 2>&1; echo import $p $?; done
