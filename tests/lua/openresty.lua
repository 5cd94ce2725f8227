-- Runs the program that is named as a worker of OpenResty would: with ngx and lua-resty-http, which are doubles here.

local http = require("socket.http")
local ltn12 = require("ltn12")
local mime = require("mime")

package.loaded.ngx = {
  encode_base64 = mime.b64,
  say = print,
}
package.preload["resty.http"] = function()
  local client = {}
  function client.set_timeout() end
  function client.request_uri(_, url, options)
    assert(options.ssl_verify)
    local chunks, headers = {}, { ["content-length"] = #options.body }
    for name, value in pairs(options.headers) do
      headers[name] = value
    end
    local is_sent, status = http.request({
      url = url,
      method = options.method,
      headers = headers,
      source = ltn12.source.string(options.body),
      sink = ltn12.sink.table(chunks),
    })
    if not is_sent then
      return nil, status
    end
    return { status = status, body = table.concat(chunks) }
  end
  return {
    new = function()
      return client
    end,
  }
end

dofile(arg[1])
