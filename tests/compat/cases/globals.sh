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
