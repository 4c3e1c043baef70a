"""bad_lists.py - the lists of bad_registry.py: tags (by repository), and Docker's search (by the word searched for)."""
import base64
import json

ANSWERS = {}


def answer(fn):
    ANSWERS["list-" + fn.__name__.replace("_", "-")] = fn
    return fn


def is_list(h):
    return h.kind in ("tags", "search")


def tags(h, names, link=None):
    return h.reply(200, json.dumps({"name": h.name, "tags": names}).encode(), "application/json", [("Link", link)] if link else [])


@answer
def good(h):
    return h.kind == "tags" and tags(h, ["a", "b"])


@answer
def pages(h):
    if h.kind != "tags":
        return False
    n = h.count()
    return tags(h, ["t%d" % n], "</v2/%s/tags/list?page=%d>; rel=\"next\"" % (h.name, n + 1) if n < 4 else None)


@answer
def endless(h):
    return h.kind == "tags" and tags(h, [], "<%s>; rel=\"next\"" % h.path)


@answer
def other_host(h):
    """The second page is at the other host, which must not see the login."""
    want = "Basic " + base64.b64encode(b"testuser:testpassword").decode()
    if h.port == h.server.own and h.headers.get("Authorization") != want:
        return h.reply(401, b"{}", "application/json", [("WWW-Authenticate", 'Basic realm="x"')])
    return h.kind == "tags" and tags(h, ["a"], "<http://localhost:%d%s>; rel=\"next\"" % (h.server.other, h.path))


@answer
def not_json(h):
    return is_list(h) and h.reply(200, b"<html>", "application/json")


@answer
def not_names(h):
    return is_list(h) and h.reply(200, b'{"tags":[1,{},null,["x"],"\\u001b[31mred\\nline"]}', "application/json")


@answer
def huge(h):
    return is_list(h) and h.reply(200, b'{"tags":[' + b" " * (5 << 20) + b"]}", "application/json")


@answer
def broken(h):
    return is_list(h) and h.reply(500, b"", "text/plain")


@answer
def described(h):
    if h.kind != "search":
        return False
    rows = [{"name": "team/app", "description": "line one\nline \x1b[31mtwo " + "x" * 60, "star_count": 7, "is_official": True},
            {"name": "other", "description": "short", "star_count": 2, "is_automated": True}]
    return h.reply(200, json.dumps({"num_results": 2, "results": rows}).encode(), "application/json")
