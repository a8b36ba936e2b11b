# SPDX-License-Identifier: GPL-3.0-or-later
# A run on a real Slurm cluster of one node: submitted, its node's daemon killed on the way, joined, and held against the same run
# on this machine. Sourced by run.

cluster=$work/slurm
mkdir -p "$cluster"/{state,spool,munge}; chmod 700 "$cluster/munge"
head -c 128 /dev/urandom >"$cluster/munge/key"; chmod 400 "$cluster/munge/key"
cat >"$cluster/slurm.conf" <<CONF
ClusterName=test
SlurmctldHost=$(hostname)(127.0.0.1)
SlurmctldPort=26817
SlurmdPort=26818
AuthType=auth/munge
AuthInfo=socket=$cluster/munge.socket,cred_expire=5
CredType=cred/munge
SlurmUser=root
SlurmdUser=root
StateSaveLocation=$cluster/state
SlurmdSpoolDir=$cluster/spool
SlurmctldPidFile=$cluster/slurmctld.pid
SlurmdPidFile=$cluster/slurmd.pid
SlurmctldLogFile=$cluster/slurmctld.log
SlurmdLogFile=$cluster/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
ReturnToService=2
SlurmdTimeout=5
KillWait=2
SchedulerParameters=batch_sched_delay=0,sched_interval=1,bf_interval=1
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
NodeName=$(hostname) NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
# Two places of work, whatever the machine has.
echo 'SlurmdParameters=config_overrides' >>"$cluster/slurm.conf"
export SLURM_CONF=$cluster/slurm.conf
daemons=()
node() { slurmd -D >>"$cluster/slurmd.out" 2>&1 & daemons+=($!); }
end_cluster() { scancel --user=root 2>/dev/null || true; kill "${daemons[@]}" 2>/dev/null || true; pkill -9 slurmstepd 2>/dev/null || true
  wait "${daemons[@]}" 2>/dev/null || true; }
trap 'end_cluster; end_panels; umount "$work"/disk 2>/dev/null || true; rm -rf "$work"' EXIT
munged --foreground --force --socket="$cluster/munge.socket" --key-file="$cluster/munge/key" --log-file="$cluster/munge/log" \
  --pid-file="$cluster/munge/pid" --seed-file="$cluster/munge/seed" >"$cluster/munged.out" 2>&1 & daemons+=($!)
for _ in $(seq 50); do [ -S "$cluster/munge.socket" ] && break; sleep 0.1; done
slurmctld -D -c >"$cluster/slurmctld.out" 2>&1 & daemons+=($!)
node
for _ in $(seq 100); do [ "$(sinfo --noheader --format=%t 2>/dev/null)" = idle ] && break; sleep 0.2; done
check "a cluster of one node stands" [ "$(sinfo --noheader --format=%t)" = idle ]

shared="$cluster/the store"
on_slurm() { "$ttseval" compare "$ref" "${systems[@]}" "${metrics[@]}" --label "it's shared" --db "$shared/runs.sqlite" \
  --launcher slurm --shards 4 --jobs 1 --partition main "$@"; }
seconds() { echo $((($(date +%s%N) - $1) / 1000000)) | sed -E 's/(...)$/.\1 s/;s/^\./0./'; }
start=$(date +%s%N); compare --db "$cluster/local.sqlite" --label "it's shared" --jobs 2 >"$cluster/local.json"; alone=$(seconds "$start")
# What a run scored, whoever did: not its id, its times and its machine.
scored() { jq -S '.systems, .unmatched, .settings' "$1"; }

start=$(date +%s%N)
check "a run on the cluster" status 0 on_slurm --format json
echo "        $alone here with two jobs, $(seconds "$start") by the cluster in four parts"
check "it gives what the local run gives, to the bit" same <(scored "$work/out") <(scored "$cluster/local.json")
check "each part's command repeats what was asked" grep -qF "'--metrics' 'pesq-wb,estoi,lsd,mr-stft' '--label' 'it'\\''s shared'" \
  "$shared"/runs.sqlite.shards/*/part.sh

# A part whose process is killed, then the node's daemon with all that it started. Parts are begun again, with what they had scored.
rm -rf "$shared"
check "a run nobody waits for" status 0 on_slurm --no-wait
parts=("$shared"/runs.sqlite.shards/*/)
done_pairs() { cat "${parts[0]}"shard-*.progress 2>/dev/null | awk '{ n += $1 } END { print n + 0 }'; }
for _ in $(seq 200); do [ "$(done_pairs)" -ge 3 ] && break; sleep 0.05; done
check "runs list shows how far it is" bash -c "'$ttseval' runs --db '$shared/runs.sqlite' 2>&1 | grep -qE 'on a cluster: it.s shared, . of 4 shards done, [0-9]+ of 123 pairs'"
pkill -9 -o -f "compare --launch-id .*$cluster" || true
sleep 0.5
{ kill -9 "${daemons[2]}" && wait "${daemons[2]}"; } 2>/dev/null || true
pkill -9 slurmstepd || true; pkill -9 -f "compare --launch-id .*$cluster" || true
before=$(done_pairs)
for _ in $(seq 100); do sinfo --noheader --format=%t | grep -qE 'down|\*' && break; sleep 0.2; done
check "the node is gone in mid-run, with $before of 123 pairs scored" [ "$before" -lt 123 ]
node
for _ in $(seq 300); do [ -z "$(squeue --noheader)" ] && break; sleep 0.5; done
check "all parts and the joining job have ended" [ -z "$(squeue --noheader)" ]
check "parts were begun again" bash -c "for s in '${parts[0]}'shard-*.sqlite; do sqlite3 \"\$s\" 'SELECT count(*) FROM runs'; done | awk '\$1 > 1 { n++ } END { exit !n }'"
check "the joined run is there" status 0 "$ttseval" runs show "it's shared" --db "$shared/runs.sqlite" --format json
check "and is what the local run gives, to the bit" same <(scored "$work/out") <(scored "$cluster/local.json")

# A part that never ends well: the run says which, and the same command makes it whole.
rm -rf "$shared"
check "another run" status 0 on_slurm --no-wait
array=$(jq -r .array "$shared"/runs.sqlite.shards/*/launch.json)
scancel "${array}_3"
for _ in $(seq 200); do [ -z "$(squeue --noheader)" ] && break; sleep 0.5; done
check "a run that lacks a part is incomplete" status 0 "$ttseval" runs show "it's shared" --db "$shared/runs.sqlite"
check "and says which" said "of 4 parts these are missing: 3"
check "the same command makes it whole" status 0 on_slurm --format json
check "as the local run is, to the bit" same <(scored "$work/out") <(scored "$cluster/local.json")
check "there is one run" [ "$("$ttseval" runs --db "$shared/runs.sqlite" 2>/dev/null | grep -c complete)" = 1 ]
end_cluster
check "without a cluster it says so" status 3 env PATH=/nowhere "$ttseval" compare "$ref" "${systems[0]}" --db "$work/none.sqlite" \
  --launcher slurm --shards 2
check "in words" said "no machine of a Slurm cluster"
