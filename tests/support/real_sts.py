"""Runs moto and tells on one line of JSON where it is, who may do what, and what GetSessionToken gave.

Everything is made first, unsigned; with the argument `strict` signatures and policies count from then on. Ends when its
input ends, so it never outlives the test that started it.
"""

import json
import os
import sys
import urllib.request

os.environ.update(AWS_ACCESS_KEY_ID="setup", AWS_SECRET_ACCESS_KEY="setup", AWS_DEFAULT_REGION="us-east-1")
for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"):
    os.environ.pop(name, None)

import boto3
from moto.server import ThreadedMotoServer

BUCKET = "real-sts"


def may(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": action, "Resource": resource} for action, resource in statements
    ]})


def user(iam, name, *statements):
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="may", PolicyDocument=may(*statements))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return [key["AccessKeyId"], key["SecretAccessKey"]]


def role(iam, name, *statements):
    trust = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}}
    ]}
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
    iam.put_role_policy(RoleName=name, PolicyName="may", PolicyDocument=may(*statements))
    return made["Role"]["Arn"]


server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
url = "http://%s:%d" % server.get_host_and_port()
iam, s3, sts = (boto3.client(name, endpoint_url=url) for name in ("iam", "s3", "sts"))
s3.create_bucket(Bucket=BUCKET)
s3.put_object(Bucket=BUCKET, Key="photos/one.txt", Body=b"one")
session = sts.get_session_token()
told = {
    "url": url,
    "bucket": BUCKET,
    "user": user(iam, "tester", ("sts:*", "*")),
    "reader": user(iam, "reader", ("s3:*", "*"), ("sts:*", "*")),
    "editor": role(iam, "editor", ("s3:*", "*"), ("sts:GetCallerIdentity", "*")),
    "hop": role(iam, "hop", ("sts:*", "*")),
    "blind": role(iam, "blind", ("sts:*", "*")),
    "session": {"Credentials": {key: getattr(value, "isoformat", lambda: value)() for key, value in session["Credentials"].items()}},
}
if sys.argv[1:] == ["strict"]:
    count = urllib.request.Request(
        url + "/moto-api/reset-auth", data=b"0", headers={"Content-Type": "text/plain"}, method="POST"
    )
    urllib.request.urlopen(count)
print(json.dumps(told), flush=True)
sys.stdin.read()
server.stop()
