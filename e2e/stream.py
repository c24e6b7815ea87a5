"""A program that is none of ours: publishes by WHIP (RFC 9725) or watches by WHEP with aiortc.

    stream.py publish|watch URL TOKEN [CODEC]

Says on each line what it is about, as JSON; ends the session and itself when its input ends.
"""

import array
import asyncio
import fractions
import json
import math
import sys
import urllib.error
import urllib.request

import aioice.ice
import av
from aiortc import MediaStreamTrack, RTCPeerConnection, RTCRtpSender, RTCSessionDescription
from aiortc.mediastreams import VideoStreamTrack

# The library leaves loopback out, where the tests run.
aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: ["127.0.0.1"]

SAMPLES = 960
RATE = 48000


def say(**what):
    print(json.dumps(what), flush=True)


class Tone(MediaStreamTrack):
    """440 Hz."""

    kind = "audio"

    def __init__(self):
        super().__init__()
        self.at = 0
        self.began = None

    async def recv(self):
        loop = asyncio.get_running_loop()
        self.began = self.began or loop.time()
        await asyncio.sleep(max(0, self.began + self.at / RATE - loop.time()))
        wave = (int(12000 * math.sin(2 * math.pi * 440 * (self.at + i) / RATE)) for i in range(SAMPLES))
        frame = av.AudioFrame(format="s16", layout="mono", samples=SAMPLES)
        frame.planes[0].update(array.array("h", wave).tobytes())
        frame.sample_rate, frame.pts, frame.time_base = RATE, self.at, fractions.Fraction(1, RATE)
        self.at += SAMPLES
        return frame


class Picture(VideoStreamTrack):
    """A grey that changes."""

    async def recv(self):
        pts, time_base = await self.next_timestamp()
        frame = av.VideoFrame(width=320, height=240, format="yuv420p")
        grey = (pts // 3000 * 3) % 200 + 20
        for plane, value in zip(frame.planes, (grey, 128, 128)):
            plane.update(bytes([value]) * plane.buffer_size)
        frame.pts, frame.time_base = pts, time_base
        return frame


def ask(method, url, token, body=None):
    headers = {"Authorization": f"Bearer {token}"}
    if body is not None:
        headers["Content-Type"] = "application/sdp"
    request = urllib.request.Request(url, method=method, headers=headers, data=body and body.encode())
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.headers, refusal.read().decode()


async def show(track, seen):
    while True:
        frame = await track.recv()
        if track.kind == "video":
            seen["frames"] += 1
            seen["height"] = frame.height
        else:
            seen["loud"] += max(map(abs, array.array("h", bytes(frame.planes[0]))), default=0) > 1000


async def main(what, url, token, codec=None):
    connection, seen = RTCPeerConnection(), {"frames": 0, "height": 0, "loud": 0, "report": 0}
    if what == "publish":
        connection.addTransceiver(Tone(), direction="sendonly")
        video = connection.addTransceiver(Picture(), direction="sendonly")
        if codec:
            known = RTCRtpSender.getCapabilities("video").codecs
            video.setCodecPreferences([one for one in known if one.mimeType.lower() == f"video/{codec}"])
    else:
        connection.addTransceiver("audio", direction="recvonly")
        connection.addTransceiver("video", direction="recvonly")

    shows = []
    connection.on("track", lambda track: shows.append(asyncio.ensure_future(show(track, seen))))
    connection.on("connectionstatechange", lambda: say(state=connection.connectionState))
    await connection.setLocalDescription(await connection.createOffer())
    # As RFC 9725 §4.5 has it: whoever is told 503 comes again.
    for _ in range(5):
        status, headers, body = await asyncio.to_thread(ask, "POST", url, token, connection.localDescription.sdp)
        if status != 503:
            break
        await asyncio.sleep(1)
    say(status=status, type=headers.get("content-type"), location=headers.get("location"), etag=headers.get("etag"))
    if status != 201:
        say(problem=body)
        return
    await connection.setRemoteDescription(RTCSessionDescription(body, "answer"))

    input_ends = asyncio.ensure_future(asyncio.to_thread(sys.stdin.read))
    while not input_ends.done():
        await asyncio.wait([input_ends], timeout=0.5)
        seen["report"] += 1
        say(**seen)
    status, _, _ = await asyncio.to_thread(ask, "DELETE", headers["location"], token)
    say(ended=status)
    await connection.close()


asyncio.run(main(*sys.argv[1:]))
