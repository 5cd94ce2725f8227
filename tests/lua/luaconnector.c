/*
 * A module of the test's own with the interface of the vendor's luaconnector, for a Lua of 5.3 or later. It is compiled against taos.h and
 * linked with the stand-in driver, as the vendor's is with libtaos.
 */
#include <lauxlib.h>
#include <lua.h>
#include <stdint.h>
#include <taos.h>

static int answer(lua_State *L, int code, const char *error) {
    lua_newtable(L);
    lua_pushinteger(L, code);
    lua_setfield(L, -2, "code");
    lua_pushstring(L, error);
    lua_setfield(L, -2, "error");
    return 1;
}

static const char *setting(lua_State *L, const char *name) {
    lua_getfield(L, 1, name);
    return luaL_checkstring(L, -1);
}

static int l_connect(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    const char *host = setting(L, "host");
    const char *user = setting(L, "user");
    const char *password = setting(L, "password");
    const char *database = setting(L, "database");
    lua_getfield(L, 1, "port");
    TAOS *taos = taos_connect(host, user, password, database, (uint16_t)luaL_checkinteger(L, -1));
    answer(L, taos == NULL ? -1 : 0, taos == NULL ? taos_errstr(NULL) : "success");
    lua_pushlightuserdata(L, taos);
    lua_setfield(L, -2, "conn");
    return 1;
}

static void push_value(lua_State *L, TAOS_FIELD *field, void *value, int length) {
    switch (field->type) {
    case TSDB_DATA_TYPE_TIMESTAMP:
    case TSDB_DATA_TYPE_BIGINT:
        lua_pushinteger(L, *(int64_t *)value);
        break;
    case TSDB_DATA_TYPE_INT:
        lua_pushinteger(L, *(int32_t *)value);
        break;
    case TSDB_DATA_TYPE_DOUBLE:
        lua_pushnumber(L, *(double *)value);
        break;
    case TSDB_DATA_TYPE_VARCHAR:
    case TSDB_DATA_TYPE_NCHAR:
        lua_pushlstring(L, value, (size_t)length);
        break;
    default:
        lua_pushnil(L);
    }
}

static int l_query(lua_State *L) {
    TAOS_RES *result = taos_query(lua_touserdata(L, 1), luaL_checkstring(L, 2));
    if (taos_errno(result) != 0) {
        answer(L, -1, taos_errstr(result));
        taos_free_result(result);
        return 1;
    }
    answer(L, 0, "");
    lua_pushinteger(L, taos_affected_rows(result));
    lua_setfield(L, -2, "affected");
    lua_newtable(L);
    int columns = taos_num_fields(result);
    TAOS_FIELD *fields = taos_fetch_fields(result);
    TAOS_ROW row;
    for (int i = 1; columns > 0 && (row = taos_fetch_row(result)) != NULL; i++) {
        int *lengths = taos_fetch_lengths(result);
        lua_newtable(L);
        for (int j = 0; j < columns; j++) {
            if (row[j] != NULL) {
                push_value(L, &fields[j], row[j], lengths[j]);
                lua_setfield(L, -2, fields[j].name);
            }
        }
        lua_rawseti(L, -2, i);
    }
    lua_setfield(L, -2, "item");
    taos_free_result(result);
    return 1;
}

static int l_close(lua_State *L) {
    taos_close(lua_touserdata(L, 1));
    return answer(L, 0, "done.");
}

int luaopen_luaconnector(lua_State *L) {
    const luaL_Reg functions[] = {{"connect", l_connect}, {"query", l_query}, {"close", l_close}, {NULL, NULL}};
    luaL_newlib(L, functions);
    return 1;
}
