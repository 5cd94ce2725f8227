# Compiles luaconnector for the Lua that `lua` starts, and the client in TAOS_CLIENT.
version=$(lua -e 'io.write(_VERSION:match("%d+%.%d+"))')
if [ "$version" = 5.1 ]; then
    echo 'lua_connector.c needs Lua 5.3 or later' >&2
    exit 1
fi
for name in "lua$version" "lua-$version" "lua${version%.*}${version#*.}"; do
    if pkg-config --exists "$name"; then
        headers=$(pkg-config --cflags "$name")
        # The flags are words.
        # shellcheck disable=SC2086
        cc -std=c99 -O2 -fPIC -shared lua_connector.c -o luaconnector.so -I"$TAOS_CLIENT/include" $headers \
            -L"$TAOS_CLIENT/lib" -ltaos -Wl,-rpath,"$TAOS_CLIENT/lib"
        exit
    fi
done
echo "pkg-config knows no headers of Lua $version" >&2
exit 1
