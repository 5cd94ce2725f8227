"""Runs pieces of pipelines as their systems would, as far as that is possible here: commands in their order, with their variables and
files, in shells of this machine. Steps of other people's actions and containers of services are left out."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import yaml


class Failed(Exception):
    """A command that ended with another code than expected."""


def run(command, env, cwd, stdin=None, expected=0):
    """Runs `command` and returns what it printed."""
    ended = subprocess.run(
        command, env=env, cwd=cwd, input=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120, check=False
    )
    if ended.returncode != expected:
        raise Failed(f"{command}: exit code {ended.returncode}, expected {expected}\n{ended.stdout}")
    return ended.stdout


class Expressions:
    """The expressions of GitHub Actions that pieces use."""

    def __init__(self, contexts):
        self.contexts = contexts

    def text(self, value):
        """`value` with its expressions replaced."""
        if not isinstance(value, str):
            return str(value).lower() if isinstance(value, bool) else str(value)
        return re.sub(r"\$\{\{(.*?)\}\}", lambda found: self.value(found.group(1)), value)

    def value(self, expression):
        """The text of an expression."""
        for part in expression.split("||"):
            found = self.operand(part)
            if found:
                return found
        return ""

    def condition(self, expression):
        """Whether `a == 'b' && c != ''` holds."""
        for part in expression.split("&&"):
            left, operator, right = re.fullmatch(r"\s*(\S+)\s*(==|!=)\s*('[^']*')\s*", part).groups()
            if (self.operand(left) == self.operand(right)) != (operator == "=="):
                return False
        return True

    def operand(self, text):
        text = text.strip()
        if text.startswith("'"):
            return text.strip("'")
        if text.startswith("hashFiles("):
            return "0"
        found = self.contexts
        for name in text.split("."):
            found = found.get(name, {})
        return found if isinstance(found, str) else ""


class GitHub:
    """A runner of GitHub Actions."""

    def __init__(self, env, work, temp):
        self.env = {**env, "RUNNER_OS": "Linux", "RUNNER_TEMP": str(temp), "GITHUB_WORKSPACE": str(work)}
        self.work, self.temp = work, temp
        self.files = {name: temp / name for name in ["GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_ENV", "GITHUB_STEP_SUMMARY"]}
        self.summary, self.printed = "", ""

    def steps(self, steps, contexts, shell_required=False):
        """Runs `steps` one after the other; stops at the first that fails."""
        contexts = {"runner": {"os": "Linux", "arch": "X64", "temp": str(self.temp)}, "steps": {}, **contexts}
        for step in steps:
            contexts["env"] = self.env
            expressions = Expressions(contexts)
            if "if" in step and not expressions.condition(step["if"]):
                continue
            if "run" not in step:
                continue
            assert not shell_required or step["shell"] == "bash", step
            for path in self.files.values():
                path.write_text("")
            env = {**self.env, **{name: str(path) for name, path in self.files.items()}}
            env |= {name: expressions.text(value) for name, value in step.get("env", {}).items()}
            cwd = self.work / expressions.text(step.get("working-directory", "."))
            script = self.temp / "step.sh"
            script.write_text(expressions.text(step["run"]))
            try:
                self.printed += run(["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)], env, cwd)
            finally:
                self.summary += self.files["GITHUB_STEP_SUMMARY"].read_text()
                outputs = dict(line.split("=", 1) for line in self.files["GITHUB_OUTPUT"].read_text().splitlines())
                contexts["steps"][step.get("id", "")] = {"outputs": outputs}
            self.env |= read_variables(self.files["GITHUB_ENV"].read_text())
            for directory in self.files["GITHUB_PATH"].read_text().splitlines():
                self.env["PATH"] = f"{directory}:{self.env['PATH']}"
        return contexts["steps"]


def read_variables(text):
    """The variables of GITHUB_ENV, also those of several lines."""
    variables, lines = {}, iter(text.splitlines())
    for line in lines:
        if found := re.fullmatch(r"(\w+)<<(\S+)", line):
            values = []
            for line in lines:
                if line == found.group(2):
                    break
                values.append(line)
            variables[found.group(1)] = "\n".join(values)
        else:
            name, value = line.split("=", 1)
            variables[name] = value
    return variables


def github_workflow(path, env, work, temp):
    """Runs the jobs of a workflow and returns the runner of the last one."""
    workflow = yaml.safe_load(path.read_text())
    for job in workflow["jobs"].values():
        runner = GitHub(env, work, temp)
        contexts = {"vars": {}, "secrets": {"TAOS_PASSWORD": "taosdata"}}
        texts = Expressions(contexts)
        runner.env |= {name: texts.text(value) for name, value in job.get("env", {}).items()}
        runner.steps(job["steps"], contexts)
    return runner


def github_action(directory, inputs, env, work, temp):
    """Runs the steps of a composite action and returns its runner and its outputs."""
    action = yaml.safe_load((directory / "action.yml").read_text())
    assert set(inputs) <= set(action["inputs"]), inputs
    values = {name: inputs.get(name, str(declared.get("default", ""))) for name, declared in action["inputs"].items()}
    runner = GitHub(env, work, temp)
    contexts = {"inputs": values, "github": {"action_path": str(directory), "action_ref": "main"}}
    steps = runner.steps(action["runs"]["steps"], contexts, shell_required=True)
    texts = Expressions({**contexts, "steps": steps})
    return runner, {name: texts.text(output["value"]) for name, output in action["outputs"].items()}


def gitlab_jobs(text, env, work, expected=0):
    """Runs the jobs of a file of GitLab; those whose names begin with a dot are templates."""
    jobs = yaml.safe_load(text)
    for name, job in jobs.items():
        if name.startswith("."):
            continue
        job = {**jobs.get(job.get("extends"), {}), **job}
        variables = {**env, "CI_PROJECT_DIR": str(work)}
        for key, value in job.get("variables", {}).items():
            value = re.sub(r"\$(\w+)", lambda found: variables.get(found.group(1), ""), str(value))
            variables.setdefault(key, value)
        script = "\n".join(job["before_script"] + job["script"])
        run(["sh", "-e"], variables, work, script, expected)


def gitlab_component(path, inputs):
    """The jobs of a component with its inputs filled in."""
    spec, jobs = path.read_text().split("\n---\n")
    declared = yaml.safe_load(spec)["spec"]["inputs"]
    assert set(inputs) <= set(declared), inputs
    values = {name: inputs.get(name, it["default"]) for name, it in declared.items()}

    def text(found):
        value = values[found.group(1)]
        return str(value).lower() if isinstance(value, bool) else str(value)

    return re.sub(r"\$\[\[ inputs\.([\w-]+) \]\]", text, jobs)


def jenkins_pipeline(path, env, work):
    """Runs the shell steps of a declarative pipeline."""
    for stage in re.split(r"\n        stage\(", path.read_text())[1:]:
        variables = {**env, "TAOS_LOGIN_USR": "root", "TAOS_LOGIN_PSW": "taosdata"}
        for name, value in re.findall(r"""^\s+(\w+) = ['"](.*)['"]$""", stage, re.MULTILINE):
            variables[name] = re.sub(r"\$\{(\w+)\}", lambda found: variables[found.group(1)], value)
        for command in re.findall(r"^\s+sh '((?:[^'\\]|\\.)*)'$", stage, re.MULTILINE):
            run(["sh", "-xe"], variables, work, command.replace("\\'", "'"))


def kubernetes_job(path, env, work):
    """Runs the containers of a job as processes."""
    job = yaml.safe_load(path.read_text())
    for container in job["spec"]["template"]["spec"]["containers"]:
        variables = {**env, "TAOS_USER": "root", "TAOS_PASSWORD": "taosdata"}
        variables |= {it["name"]: it["value"] for it in container["env"]}
        run(container["command"] + container["args"], variables, work)


def devcontainer(config, env, work):
    """Runs the commands that follow the creation of a container."""
    local = {"TAOS_HOST": "tdengine", "TAOS_PASSWORD": "taosdata"}
    values = {
        name: re.sub(r"\$\{localEnv:(\w+)\}", lambda found: local[found.group(1)], value)
        for name, value in config["containerEnv"].items()
    }
    for command in config["postCreateCommand"].values():
        run(["sh", "-c", command], {**env, **values}, work)


class Image:
    """A stage of a Dockerfile: directories of this machine that nothing can write, and its own ones."""

    SHARED = ["usr", "bin", "lib", "lib64", "sbin", "etc"]

    def __init__(self, root, shared):
        self.root, self.env, self.cwd = root, {}, "/"
        for name in self.SHARED + ["opt", "root", "tmp", "proc", "dev", "var/lib/apt/lists", *(it[1:] for it in shared)]:
            (root / name).mkdir(parents=True, exist_ok=True)
        for name in [*("/" + it for it in self.SHARED), *shared]:
            if Path(name).is_dir():
                subprocess.run(["mount", "--rbind", name, str(root / name[1:])], check=True)
        subprocess.run(["mount", "--rbind", "/dev", str(root / "dev")], check=True)


def dockerfile(path, context, env, shared, root):
    """Runs the instructions of a Dockerfile; returns its last stage."""
    text = re.sub(r"^#.*\n", "", path.read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    stages, arguments = {}, {}
    for line in filter(None, text.splitlines()):
        name, rest = line.split(maxsplit=1)
        if name == "FROM":
            words = rest.split()
            image = stages[words[2]] = Image(root / words[2], shared)
            image.env = dict(env)
        elif name in ("ENV", "ARG"):
            for word in rest.split():
                key, _, value = word.partition("=")
                value = re.sub(r"\$\{(\w+):\+([^}]*)\}", lambda it: it.group(2) if image.env.get(it.group(1)) else "", value)
                value = re.sub(r"\$(\w+)", lambda it: image.env.get(it.group(1), ""), value)
                image.env[key] = arguments.get(key, value)
        elif name == "WORKDIR":
            image.cwd = rest
            (image.root / rest[1:]).mkdir(parents=True, exist_ok=True)
        elif name == "COPY":
            words = rest.split()
            source = stages[words.pop(0).partition("=")[2]].root if words[0].startswith("--from=") else context
            *names, target = words
            into = image.root / os.path.join(image.cwd, target).lstrip("/")
            for item in names:
                item = source / item.lstrip("/")
                if item.is_dir():
                    shutil.copytree(item, into, dirs_exist_ok=True, symlinks=True)
                else:
                    shutil.copy(item, into)
        elif name == "RUN":
            image_run(image, rest)
        else:
            raise Failed(f"{path}: {line}")
    return image


def image_run(image, command, expected=0):
    """Runs a command in an image, as `RUN` does."""
    return run(
        ["chroot", str(image.root), "/bin/sh", "-c", f"cd {image.cwd} && {command}"], image.env, "/", expected=expected
    )
