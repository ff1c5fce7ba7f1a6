# Process 1 of the guest, read by what boot.mjs writes: file systems, modules, devices. The files are the host's; what must not be is mounted over.
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t tmpfs -o mode=0755 tmpfs /run
# /tmp is the guest's own; a checkout that is in it stays where it is.
mkdir -p /run/checkout
mount --bind "$CHECKOUT" /run/checkout
mount -t tmpfs -o mode=1777 tmpfs /tmp
case $CHECKOUT in /tmp/*) mkdir -p "$CHECKOUT" && mount --bind /run/checkout "$CHECKOUT" ;; esac
mount -t devtmpfs dev /dev 2>/dev/null
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs -o mode=1777 tmpfs /dev/shm
ln -sf /proc/self/fd /dev/fd
mount -t cgroup2 cgroup2 /sys/fs/cgroup 2>/dev/null
hostname chaos-netem

# modprobe, and the kernel when it asks for a module itself, look in a folder that need not exist on the host.
mkdir -p /run/uml/lib/modules
ln -s "$MODULES/$(uname -r)" "/run/uml/lib/modules/$(uname -r)"
printf '#!/bin/sh\nPATH=%s exec modprobe -d /run/uml "$@"\n' "$PATH" > /run/uml/modprobe
chmod 0755 /run/uml/modprobe
echo /run/uml/modprobe > /proc/sys/kernel/modprobe
modprobe -d /run/uml -a sch_htb sch_netem sch_tbf sch_ingress sch_sfq sch_fq_codel cls_u32 act_mirred nf_tables ifb numdummies=0 2>/dev/null
for module in overlay ifb nft_numgen nft_reject_inet nft_reject_ipv4 nft_reject_ipv6; do modprobe -d /run/uml "$module" 2>/dev/null; done
# What the guest makes on the host's files belongs to the host's user, whoever makes it: so PostgreSQL's user could not
# write into its own folder. What is new in the cache stays in the guest.
mkdir -p /run/cache/new /run/cache/work /run/cache/all
mount -t overlay -o "lowerdir=$CACHE,upperdir=/run/cache/new,workdir=/run/cache/work" overlay /run/cache/all
export CHAOS_CACHE_DIR=/run/cache/all
ip link set dev lo up
# Bursts of datagrams must not be lost by a receiver on a slow processor.
echo 16777216 > /proc/sys/net/core/rmem_max
echo 16777216 > /proc/sys/net/core/wmem_max

# run <number> <folder> [NAME=value…] -- <argv…>
run() {
  number=$1
  folder=$2
  shift 2
  # Through a pipe: the console is a terminal, and reporters would draw on it.
  mkfifo "/run/output-$number"
  cat "/run/output-$number" &
  (
    cd "$folder" || exit 127
    while [ "$1" != -- ]; do export "${1?}"; shift; done
    shift
    exec "$@"
  ) < /dev/null > "/run/output-$number" 2>&1
  echo $? > "$FOLDER/code-$number"
  wait
}
