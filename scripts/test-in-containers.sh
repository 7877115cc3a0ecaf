#!/bin/sh
# Runs every test that uses PostgreSQL or Redis on servers in containers, whatever else listens here. Not part of CI.
#
#   npm run test:containers                  with the Docker engine that answers; it fetches the images
#   npm run test:containers -- --own-engine  starts an engine for this run, ended with it, and makes the images from
#                                            Debian's packages: as root on Debian, after
#                                            apt-get install docker.io debootstrap
set -eu

cd "$(dirname "$0")/.."
export GOODFENCE_TEST_SERVERS=containers

start_engine() {
  folder=$(mktemp -d)
  dockerd --storage-driver=overlay2 --iptables=false --ip6tables=false --ip=127.0.0.1 --bip=172.31.255.1/24 \
    --data-root="$folder/data" --exec-root="$folder/exec" --host="unix://$folder/docker.sock" \
    --pidfile="$folder/dockerd.pid" >"$folder/dockerd.log" 2>&1 &
  engine=$!
  trap end_engine EXIT
  trap 'exit 1' INT TERM
  export DOCKER_HOST="unix://$folder/docker.sock"
  # Its clean-up container would have to be fetched, and inside a container its own address must be named.
  export TESTCONTAINERS_RYUK_DISABLED=true TESTCONTAINERS_HOST_OVERRIDE=127.0.0.1
  tries=0
  until docker version >/dev/null 2>&1; do
    tries=$((tries + 1))
    if [ "$tries" -gt 60 ] || ! kill -0 "$engine" 2>/dev/null; then
      echo "The Docker engine did not start:" >&2
      tail "$folder/dockerd.log" >&2
      exit 1
    fi
    sleep 0.5
  done
}

end_engine() {
  kill "$engine" 2>/dev/null || true
  wait "$engine" 2>/dev/null || true
  rm -rf "$folder"
}

# One root with both servers, imported twice. The first server of PostgreSQL makes the database, as in the official image.
make_images() {
  echo 'Making images from the packages of Debian.'
  root=$folder/root
  debootstrap --variant=minbase --include=postgresql,redis-server bookworm "$root" >"$folder/debootstrap.log" 2>&1 ||
    { tail "$folder/debootstrap.log" >&2 && exit 1; }
  cat >"$root/postgres.sh" <<'INNER'
set -e
bin=$(echo /usr/lib/postgresql/*/bin)
$bin/initdb --pgdata=/tmp/data --auth=trust --username=postgres --locale=C.UTF-8 >/dev/null
echo 'host all all all trust' >>/tmp/data/pg_hba.conf
$bin/pg_ctl --pgdata=/tmp/data --options='-c listen_addresses= -k /tmp' --wait start
$bin/createdb --host=/tmp test
$bin/pg_ctl --pgdata=/tmp/data --wait stop
exec $bin/postgres -D /tmp/data -k /tmp -c 'listen_addresses=*'
INNER
  tar -C "$root" -c . | docker import \
    --change 'EXPOSE 5432' --change 'USER postgres' --change 'CMD ["sh", "/postgres.sh"]' - goodfence-postgres:1 >/dev/null
  tar -C "$root" -c . | docker import \
    --change 'EXPOSE 6379' --change 'USER redis' \
    --change 'CMD ["redis-server", "--protected-mode", "no", "--bind", "0.0.0.0"]' - goodfence-redis:1 >/dev/null
  export GOODFENCE_TEST_POSTGRES_IMAGE=goodfence-postgres:1 GOODFENCE_TEST_REDIS_IMAGE=goodfence-redis:1
}

if [ "${1-}" = --own-engine ]; then
  shift
  start_engine
  make_images
fi

# Every test that looks for a server, but the one about looking.
tests=$(grep -l 'findServer(' test/*/*.test.ts test/*/*/*.test.ts | grep -v find-server)
# shellcheck disable=SC2086 # one argument for each file
npx vitest run $tests "$@"
