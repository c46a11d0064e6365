#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// subscriber.mjs [--cursor FILE] [--server-key FILE --key FILE] [EVENTS [REPLAY [PREFIX...]]]
//
// Follows peyk's stream and misses nothing: prints NUMBER TOPIC BODY, a line a message.
// With --cursor it goes on where it was; with the keys (peyk keygen) it speaks CURVE. Needs
// zeromq (npm ci --ignore-scripts). The steps in comments are those of peyk-stream(7), JOINING.
import fs from 'node:fs'
import process from 'node:process'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import * as zmq from 'zeromq'

const KEPT_MAX = 100_000    // messages that wait here while we ask; more are dropped and asked for
const ANSWER_MS = 10_000    // no answer for so long: ask again through another socket
const PING = { heartbeatInterval: 10_000, heartbeatTimeout: 30_000 }    // else a dead peer is just silent
const PAUSE_MS = 500        // before asking again where the daemon is busy

class Follower {
  kept = new Map()          // number: {epoch, topic, body}, what came while we ask

  constructor({ values: options, positionals: args }) {
    const [events = 'tcp://127.0.0.1:7551', replay = 'tcp://127.0.0.1:7552', ...prefixes] = args
    Object.assign(this, { options, replayEndpoint: replay, prefixes, asking: false })
    const known = fs.existsSync(options.cursor) ? fs.readFileSync(options.cursor, 'ascii') : '0 0'
    const [epoch, cursor, ...seen] = known.trim().split(' ').map(BigInt)
    // seen: with prefixes, printed numbers above the cursor
    Object.assign(this, { epoch, cursor, seen: new Set(seen) })
    this.events = this.connect(zmq.Subscriber, events)                  // step 1
    this.events.subscribe(...(prefixes.length ? prefixes : ['']), 'heartbeat/')
    this.replay = this.connect(zmq.Dealer, replay)
  }

  connect(Socket, endpoint) {
    const { 'server-key': server, key } = this.options
    const socket = new Socket({ linger: 0, receiveHighWaterMark: KEPT_MAX, ...PING })
    if (Socket === zmq.Dealer) socket.receiveTimeout = ANSWER_MS
    if (server) {
      socket.curveServerKey = keyIn(server)
      socket.curveSecretKey = keyIn(key)
      socket.curvePublicKey = keyIn(key.replace(/secret$/, 'pub'))
    }
    socket.connect(endpoint)            // and again by itself, whenever it has to
    return socket
  }

  async run() {
    for await (const frames of this.events) this.takeLive(...frames)
  }

  takeLive(topic, header, body) {
    const epoch = header.readBigUInt64BE(8), number = header.readBigUInt64BE(16)
    const live = !this.asking && epoch === this.epoch
    if (topic.toString() === 'heartbeat/') {
      this.save()
      const { head } = JSON.parse(body).data
      if (epoch !== this.epoch || head > this.cursor) this.ask()        // steps 2, 4, 5, 7
    } else if (live && (this.prefixes.length || number <= this.cursor + 1n)) {
      this.handOn(number, topic, body)
    } else {
      if (this.kept.size >= KEPT_MAX) this.kept.clear()                 // step 6
      this.kept.set(number, { epoch, topic, body })
      this.ask()                                                        // steps 2, 4, 7
    }
  }

  handOn(number, topic, body) {
    if (number <= this.cursor || this.seen.has(number)) return
    process.stdout.write(`${number} ${topic} ${body}\n`)
    if (this.prefixes.length) this.seen.add(number)     // step 5: what is before it is not proved
    else this.cursor = number
  }

  async ask() {
    if (this.asking) return             // one request is under way
    this.asking = true
    while (await this.take(await this.answer()));
  }

  async answer() {
    const numbers = [this.epoch, this.cursor, 0n, 0n].map((n) => {
      const frame = Buffer.alloc(8)
      frame.writeBigUInt64BE(n)
      return frame
    })
    await this.replay.send(['PYK1', 'SINCE', ...numbers, ...this.prefixes])
    try {
      return await this.replay.receive()
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error
      this.replay.close()
      this.replay = this.connect(zmq.Dealer, this.replayEndpoint)
      return this.answer()
    }
  }

  async take(frames) {      // whether to ask again
    if (frames[0].toString() === 'ERR') return this.takeError(...frames.slice(1))
    const [epoch, head, , scanned] = frames.slice(-4).map((frame) => frame.readBigUInt64BE())
    this.epoch = epoch
    for (let i = 0; i + 5 < frames.length; i += 3)                      // step 2
      this.handOn(frames[i + 1].readBigUInt64BE(16), frames[i], frames[i + 2])
    this.cursor = scanned
    const inOrder = [...this.kept].sort(([a], [b]) => (a < b ? -1 : 1))
    for (const [number, kept] of inOrder) {                             // step 3
      if (kept.epoch === epoch && number > this.cursor) {
        if (this.prefixes.length ? this.cursor < head : number > this.cursor + 1n) break
        this.handOn(number, kept.topic, kept.body)
      }
      this.kept.delete(number)
    }
    this.save()
    return this.asking = this.kept.size > 0 || this.cursor < head
  }

  async takeError(reason, epoch, _head, oldest, text) {
    console.error(`${reason}: ${text}`)
    const why = reason.toString()
    if (why === 'busy' || why === 'unavailable') return pause(PAUSE_MS, true)
    if (why !== 'epoch' && why !== 'expired') process.exit(1)
    if (why === 'epoch') {              // step 7
      this.epoch = epoch.readBigUInt64BE()
      this.seen.clear()
    }
    this.cursor = oldest.readBigUInt64BE() - 1n
    return true
  }

  save() {
    for (const number of this.seen) if (number <= this.cursor) this.seen.delete(number)
    const { cursor: path } = this.options
    if (!path) return
    const state = [this.epoch, this.cursor, ...this.seen].join(' ')
    fs.writeFileSync(`${path}.new`, `${state}\n`, { flush: true })      // whole, whatever happens
    fs.renameSync(`${path}.new`, path)
  }
}

function keyIn(path) {      // 40 characters, Z85
  return fs.readFileSync(path, 'ascii').match(/^\S{40}$/m)[0]
}

const option = { type: 'string' }
const follower = new Follower(parseArgs({
  allowPositionals: true, options: { cursor: option, 'server-key': option, key: option },
}))
for (const end of ['SIGINT', 'SIGTERM'])
  process.on(end, () => { follower.save(); process.exit() })
await follower.run()
