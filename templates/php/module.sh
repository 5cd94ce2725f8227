# Compiles the extension tdengine for the PHP that phpize belongs to, and the client in TAOS_CLIENT.
phpize
./configure --with-tdengine-dir="$TAOS_CLIENT"
make
strip --strip-debug modules/tdengine.so
