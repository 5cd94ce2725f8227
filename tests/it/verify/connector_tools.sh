#!/bin/sh
# Stands in for every build tool and runtime: BUILD and RUN say how it fails, LOG gets every command.
name=${0##*/}
case " $* " in *" --version "* | *" version "* | *" -version "* | *" -v "*)
  case "$*" in build* | install*) ;; *) echo "$name 1.0"; exit 0 ;; esac ;;
esac
echo "$name $*" >>"$LOG"
is_run=no
case "$name $*" in
  *"probe.py" | *"probe.mjs" | *"TaosExample" | "dotnet out/"* | *"probe.php" | *"probe.R" | "lua probe.lua" | "taos-probe "* | "taos_example "*) is_run=yes ;;
esac
if [ $is_run = yes ]; then
  [ "$TAOS_HOST" = 127.0.0.1 ] && [ -n "$TAOS_PORT" ] || { echo "error: no server" >&2; exit 1; }
  [ "$TAOS_USER" = app ] && [ "$TAOS_PASSWORD" = 's3cret&word' ] || { echo "error: no login" >&2; exit 1; }
  case "$RUN" in
    refused) echo "error: [0x357] Authentication failure for $TAOS_PASSWORD" >&2; exit 1 ;;
    load) echo "error: libtaos.so: cannot open shared object file" >&2; exit 1 ;;
    crash) kill -s SEGV $$ ;;
    hang) /bin/sleep 60 & /bin/sleep 60 ;;
    rows) echo "server version: 3.3.7.5"; echo "row: performance_schema"; exit 0 ;;
    nothing) exit 0 ;;
  esac
  echo "server version: 3.3.7.5"
  if [ "$RUN" = write ]; then echo "rows read: 2"; else echo "row: information_schema"; fi
  exit 0
fi
[ -z "$TAOS_PASSWORD$TAOS_USER$TAOS_HOST" ] || { echo "error: the build sees the login" >&2; exit 1; }
case "$BUILD" in
  registry) echo "error: https://user:hunter22@registry.example/x: connection refused" >&2; exit 1 ;;
  version) echo "error: 404 Not Found" >&2; exit 1 ;;
  toolchain) echo "error: No module named venv" >&2; exit 1 ;;
  compile) echo "note: compiling"; echo "main.x:3:5: error: unknown name" >&2; exit 1 ;;
  hang) /bin/sleep 60 & /bin/sleep 60 ;;
  slow) /bin/sleep 1 ;;
esac
make() { /bin/mkdir -p "${1%/*}"; /bin/cp "$TOOL" "$1"; }
case "$name $*" in
  "go build"*) make ./taos-probe ;;
  *"-m venv .venv") make .venv/bin/python ;;
  "cargo install"*) make out/bin/taos-probe ;;
  "cmake --build"*) make build/taos_example ;;
  "dotnet build"*) make out/taos-probe.dll ;;
esac
