# case list
far; both images --sort repository --format '{{.Repository}} {{.Tag}} {{.ReadOnly}} {{.IsReadOnly}}'; pod images --format '{{.ReadOnly}}'; extra_done
# case heading
far; both images --sort repository | awk '{print $1, $2, $NF}'; both images --filter readonly=false | head -1; extra_done
# case json
far; both images --format json | jq -c 'sort_by(.Names) | .[] | [.Names, .ReadOnly]'; extra_done
# case filters
far; both images --filter readonly=true --format '{{.Repository}}'; both images --filter readonly=false --format '{{.Repository}}'; extra_done
# case exists
far; both image exists far:1; echo $?; pod image exists far:1; echo $?; extra_done
# case run
far; both run --rm --network none far:1; both run --rm --network none far:1 sh -c 'echo x > /far; cat /far'; both run --rm --network none far:1; extra_done
# case run-gone
far; both create --name c --network none far:1 >/dev/null; extra rmi -f far:1 >/dev/null 2>&1; both start -a c; code=$?; [ $code != 0 ]; echo $?; extra_done
# case by-id
far; id=$(extra images -q far:1); both run --rm --network none $id; both run --rm --network none ${id:0:5}; both inspect --type image $id --format '{{.RepoTags}}'; extra_done
# case inspect
far; both create --name c --network none far:1 >/dev/null; both inspect c --format '{{.ImageName}}'; both image inspect far:1 --format '{{.RepoTags}} {{.Config.Cmd}} {{len .RootFS.Layers}}'; extra_done
# case history
far; both history --format '{{.CreatedBy}}' far:1 | wc -l; both image tree far:1 | sed -n 2p; extra_done
# case rmi
far; both rmi far:1; echo $?; both rmi -f far:1; echo $?; both image exists far:1; echo $?; extra_done
# case rmi-all
far; both rmi -a -f >/dev/null; both images --format '{{.Repository}} {{.ReadOnly}}'; extra_done
# case tag
far; both tag far:1 localhost/mine:2; both images --format '{{.Repository}}:{{.Tag}} {{.ReadOnly}}' | sort; pod images --format '{{.Repository}}:{{.Tag}}' | sort; extra_done
# case tag-rmi
far; both tag far:1 localhost/mine:2; both rmi far:1; both rmi mine:2; both rmi far:1; echo $?; both images --format '{{.Repository}}:{{.Tag}} {{.ReadOnly}}' | sort; extra_done
# case untag
far; both untag far:1; both images --format '{{.Repository}}:{{.Tag}} {{.ReadOnly}}' | sort; extra_done
# case prune
far; both image prune -a -f | wc -l; both images --format '{{.Repository}} {{.ReadOnly}}'; extra_done
# case first-here
far; echo near >$TMP/far; pod create --name c --network none $IMG cat /far >/dev/null; pod cp $TMP/far c:/far; pod commit -q c localhost/far:1 >/dev/null; pod rm c >/dev/null
both run --rm --network none far:1; both images far --format '{{.Repository}}:{{.Tag}} {{.ReadOnly}}' | sort; pod rmi far:1 >/dev/null; both run --rm --network none far:1; extra_done
# case short-name
far; extra tag far:1 localhost/some/where:latest; both run --rm --network none where; both run --rm --network none some/where; extra_done
# case commit
far; both run --network none --name c far:1 sh -c 'echo more > /more'; both commit -q c localhost/three >/dev/null; both run --rm --network none three cat /far /more; both images three --format '{{.ReadOnly}}'; both rm c >/dev/null; both rmi three | head -1; extra_done
# case save
far; both save -q -o $TMP/again.tar far:1; both image exists far:1; extra rmi far:1 >/dev/null; pod load -q -i $TMP/again.tar; pod run --rm --network none far:1; extra_done
# case mount-image
far; both run --rm --network none --mount type=image,source=far:1,target=/m $IMG cat /m/far; extra_done
# case mount-on-host root-only: an ordinary user mounts within unshare
far; where=$(both image mount far:1); cat $where/far; both image unmount far:1 >/dev/null; extra_done
# case df
far; both system df --format '{{.Type}} {{.Total}}' | head -1; extra_done
# case info
far; both info --format '{{.Store.ImageStore.Number}}'; extra_done
# case load-shares-layers
far; pod save -q -o $TMP/b.tar $IMG; both load -q -i $TMP/b.tar; both load -q -i $TMP/far.tar; both images far --format '{{.ReadOnly}}' | sort; extra_done
# case same-image
extra pull -q containers-storage:nothing; pod save -q -o $TMP/b.tar $IMG; extra load -q -i $TMP/b.tar >/dev/null; both images --format '{{.Repository}} {{.ReadOnly}}' | sort; both rmi $IMG; both run --rm --network none $IMG echo still; both rmi $IMG; echo $?; extra_done
# case option-words
far; pod --storage-opt overlay.imagestore=$TMP/x image exists far:1; echo $?; pod --storage-opt .imagestore=$TMP/x image exists far:1; echo $?; pod --storage-opt ImageStore=$TMP/x image exists far:1; echo $?; pod --storage-opt overlay2.additionalimagestore=$TMP/x image exists far:1; echo $?; extra_done
# case option-empty
pod --storage-opt '' images --format '{{.ReadOnly}}'; pod --storage-opt additionalimagestore= images --format '{{.ReadOnly}}'
# case option-unknown
pod --storage-opt nonsense=1 images
# case option-relative
pod --storage-opt imagestore=some/where images
# case option-missing
pod --storage-opt imagestore=$TMP/nowhere images
# case root-leaves-files-behind
far; STORAGE_OPTS=additionalimagestore=$TMP/x pod image exists far:1; echo $?; printf '[storage]\ndriver="overlay"\n[storage.options]\nadditionalimagestores=["%s"]\n' $TMP/x >$TMP/storage.conf; CONTAINERS_STORAGE_CONF=$TMP/storage.conf pod image exists far:1; echo $?; extra_done
