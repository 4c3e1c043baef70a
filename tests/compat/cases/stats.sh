# stats: what can be compared where times and figures differ.
# case headings
up c sleep 100; pod stats --no-stream | head -1; pod stats --no-stream --no-trunc c | wc -l
# case table
up c sleep 100; up d sleep 100; pod stats --no-stream --format 'table {{.Name}} {{.NetIO}} {{.BlockIO}}' c d; pod stats --no-stream --format '{{.Name}}|{{.MemPerc}}' d
# case json
up c sleep 100; pod stats --no-stream --format json c | grep -o '"[a-z_]*":'
# case json-none
pod stats --no-stream --format json
# case none-run
pod create --name c --network none $IMG true >/dev/null; pod stats --no-stream; pod stats --no-stream -a --format '{{.Name}} {{.CPUPerc}} {{.MemUsage}} {{.PIDS}}'; pod stats --no-stream --format '{{.Name}} {{.UpTime}}' c
# case unknown
pod stats --no-stream nosuch; echo $?; up c sleep 100; pod stats --no-stream c nosuch; echo $?
# case words
up c sleep 100; pod stats --no-stream -a c; echo $?; pod stats --no-stream -l -a; echo $?; pod stats --no-stream -i 0; echo $?; pod stats --no-stream -i x; echo $?; pod stats --no-stream --format '{{.Nonsense}}' c; echo $?
# case ids
up c sleep 100; [ "$(pod stats --no-stream --format '{{.ContainerID}}' c)" = "$(pod inspect c --format '{{.Id}}')" ]; echo $?; pod stats --no-stream --format '{{len .ID}}' c; pod stats --no-stream --no-trunc --format '{{len .ID}}' c
