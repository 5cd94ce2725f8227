// Reads strings of @tdengine/websocket as its releases to 3.2 do, with Node.js's own URL and decodeURIComponent, and prints what
// it found, a line each.
import { createInterface } from "node:readline";

const hex = (text) => Buffer.from(text ?? "", "utf8").toString("hex");
for await (const line of createInterface({ input: process.stdin })) {
  try {
    const url = new URL(line);
    const fields = [
      `${url.hostname}:${url.port || (url.protocol === "wss:" ? 443 : 80)}`,
      hex(decodeURIComponent(url.username)),
      hex(decodeURIComponent(url.password)),
      url.pathname.slice(1),
      hex(url.searchParams.get("token")),
    ];
    console.log(fields.join("\t"));
  } catch (error) {
    console.log(String(error));
  }
}
