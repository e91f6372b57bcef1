"""Changes files in ways that a power cut treats differently, then waits to be killed."""
import os
import sys
import time

verb, root = sys.argv[1:3]
at = lambda name: os.path.join(root, name)


def write(name, text, flags=os.O_CREAT | os.O_WRONLY, sync=False, offset=0):
    fd = os.open(at(name), flags, 0o644)
    os.pwrite(fd, text.encode(), offset)
    if sync:
        os.fsync(fd)
    os.close(fd)


def sync_dir(name="."):
    fd = os.open(at(name), os.O_RDONLY | os.O_DIRECTORY)
    os.fsync(fd)
    os.close(fd)


if verb == "before":  # all of this is made durable
    for name in ["kept", "shrunk", "emptied", "removed", "moved", "replaced", "replacing", "grown"]:
        write(name, name + " before ", sync=True)
    os.mkdir(at("folder"))
    sync_dir()
elif verb == "after":
    write("kept", "XXXX")  # no sync
    write("grown", "+" * 9000, offset=14)
    os.truncate(at("shrunk"), 3)
    write("emptied", "new", flags=os.O_WRONLY | os.O_TRUNC)
    os.remove(at("removed"))
    os.rename(at("moved"), at("elsewhere"))
    os.replace(at("replacing"), at("replaced"))
    os.rmdir(at("folder"))
    os.mkdir(at("fresh"))
    write("fresh/file", "x", sync=True)  # its folder is not durable
    write("unlisted", "text", sync=True)  # its name is not durable
    print("ready", flush=True)
    time.sleep(60)
elif verb == "durable":  # the same with syncs: nothing may be lost
    fd = os.open(at("dsync"), os.O_CREAT | os.O_WRONLY | os.O_DSYNC, 0o644)
    os.write(fd, b"at once")
    write("synced", "text", sync=True)
    os.rename(at("moved"), at("elsewhere"))
    os.remove(at("removed"))
    with open(at("kept"), "r+b", buffering=0) as file:
        file.write(b"YYYY")
        os.fdatasync(file.fileno())
    sync_dir()
    print("ready", flush=True)
    time.sleep(60)
elif verb == "sectors":
    write("sectors", "b" * 65536)  # over 65536 durable bytes "a"
    print("ready", flush=True)
    time.sleep(60)
