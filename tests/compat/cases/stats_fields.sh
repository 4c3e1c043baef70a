# stats_fields: headings and members of --format whose values are the same everywhere.
# case headings
pod stats --no-stream --format 'table {{.AVGCPU}}\t{{.AvgCPU}}\t{{.BlockIO}}\t{{.BlockInput}}\t{{.BlockOutput}}\t{{.CPU}}\t{{.CPUNano}}\t{{.CPUPerc}}\t{{.CPUSystemNano}}'
pod stats --no-stream --format 'table {{.ContainerID}}\t{{.Duration}}\t{{.ID}}\t{{.MemLimit}}\t{{.MemPerc}}\t{{.MemUsage}}\t{{.MemUsageBytes}}\t{{.Name}}\t{{.NetIO}}'
pod stats --no-stream --format 'table {{.Network}}\t{{.PIDS}}\t{{.PIDs}}\t{{.PerCPU}}\t{{.SystemNano}}\t{{.UpTime}}\t{{.ContainerStats.AvgCPU}}'
# case not-running
pod create --name c --network none $IMG true >/dev/null
pod stats --no-stream --format '{{.AVGCPU}} {{.AvgCPU}} {{.BlockIO}} {{.BlockInput}} {{.BlockOutput}} {{.CPU}} {{.CPUNano}} {{.CPUPerc}} {{.CPUSystemNano}} {{.Duration}} {{.MemLimit}} {{.MemPerc}}' c
pod stats --no-stream --format '{{.MemUsage}} {{.MemUsageBytes}} {{.Name}} {{.NetIO}} {{.Network}} {{.PIDS}} {{.PIDs}} {{.PerCPU}} {{.Up}} {{.UpTime}}' c
pod stats --no-stream --format '{{.ContainerStats.Name}} {{.ContainerStats.CPUNano}} {{.ContainerStats.MemLimit}} {{.ContainerStats.PIDs}} {{.ContainerStats.UpTime}} {{.ContainerStats.Network}} {{.Network.eth0}}' c
# case limit
up c sleep 100; [ "$(pod stats --no-stream --format '{{.MemLimit}}' c)" = "$(pod stats --no-stream --format '{{.ContainerStats.MemLimit}}' c)" ]; echo $?
# case wrong-member
up c sleep 100; pod stats --no-stream --format '{{.ContainerStats.Nope}}' c; echo $?
# case order
up c sleep 100; up d sleep 100; pod stats --no-stream --format '{{.Name}}'; pod stats --no-stream --format '{{.Name}}' d c; pod stats --no-stream --format '{{.Name}}' c c; pod stats --no-stream -l --format '{{.Name}}'; pod container stats -a --no-stream --format '{{.Name}}'
# case ended
up c sleep 100; pod stats --no-stream --format '{{.Name}} {{.NetIO}}'; pod kill c >/dev/null; pod wait c >/dev/null; pod stats --no-stream --format '{{.Name}} {{.NetIO}}'; pod stats --no-stream --format '{{.Name}} {{.MemUsage}}' c
# case stream
up c sleep 100; timeout -s KILL 20 bash -c "$(declare -p ENGINE); \"\${ENGINE[@]}\" stats -i 1 --format '{{.Name}}' c | head -n 3"
