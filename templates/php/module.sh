# Compiles the extension tdengine for the PHP that phpize belongs to, and the client in TAOS_CLIENT. PHPIZE and PHP_CONFIG are those of
# the PHP of the command line, if they were found.
"${PHPIZE:-phpize}"
./configure --with-tdengine-dir="$TAOS_CLIENT" ${PHP_CONFIG:+"--with-php-config=$PHP_CONFIG"}
make
strip --strip-debug modules/tdengine.so
