#!/usr/bin/env node
"use strict";
// Runs the program of the platform package, with these arguments and this terminal. Nothing is downloaded or written.

const { spawn } = require("node:child_process");
const os = require("node:os");

// The packages that can hold the program, the best one first: musl's is static and runs with any C library.
function candidates() {
  const platform = `${process.platform}-${process.arch}`;
  if (process.platform !== "linux") return [platform];
  const report = process.report && process.report.getReport();
  const glibc = report && report.header && report.header.glibcVersionRuntime;
  return glibc ? [`${platform}-gnu`, `${platform}-musl`] : [`${platform}-musl`];
}

function find() {
  const file = process.platform === "win32" ? "taos-setup.exe" : "taos-setup";
  for (const name of candidates()) {
    try {
      return require.resolve(`@scope/${name}/bin/${file}`);
    } catch (error) {
      if (error.code !== "MODULE_NOT_FOUND") throw error;
    }
  }
  return undefined;
}

const program = find();
if (program === undefined) {
  const names = candidates().map((name) => `@scope/${name}`);
  console.error(`error[npm-platform-package]: the program for this platform is not installed
expected one of the packages ${names.join(", ")}, which are optional dependencies of taos-setup
npm leaves them out if a lock file was written on another system (npm/cli#4828), or with --omit=optional
next: delete node_modules and package-lock.json, and run npm install
next: npm install --include=optional taos-setup
next: npm install ${names[0]}    # names this platform's package in the project, too`);
  process.exit(1);
}

const child = spawn(program, process.argv.slice(2), { stdio: "inherit" });
// A terminal sends an interrupt to the program, too: it ends first, with its own exit code.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
  });
}
child.on("error", (error) => {
  console.error(`error[npm-platform-package]: could not run ${program}: ${error.message}`);
  process.exit(1);
});
child.on("exit", (code, signal) => {
  process.exitCode = signal ? 128 + (os.constants.signals[signal] || 0) : code;
});
