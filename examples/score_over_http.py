"""Start the service, and score posts over HTTP with Python's own library."""

import json
import subprocess
import sys
from urllib.request import Request, urlopen

posts = [
    "third night shift in a row and the vending machine ate my last coin",
    {"text": "Glow like never before! Solvanna serum, 20% off with code ANA20 #ad"},
]
command = [
    sys.executable,
    "-m",
    "unpolished.cli",
    "serve",
    "--model",
    "linear",
    "--port",
    "0",
    "--no-jobs",
]
with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as service:  # noqa: S603
    url = service.stderr.readline().split()[-1]
    headers = {"Content-Type": "application/json"}
    body = json.dumps({"posts": posts}).encode()
    with urlopen(Request(f"{url}/v1/score", body, headers)) as answer:  # noqa: S310
        for row in json.load(answer)["results"]:
            print(row["style"], row["paid"], row["disclosure"])
    service.terminate()
