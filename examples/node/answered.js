// Keeps a list of the petitions that were answered, each once: node answered.js FILE
//
// A line of the file is the effect and, with the event's id in it, the mark that it is done: written in one piece and
// flushed to the disk before the offset is committed.

import { existsSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import { Consumer } from '@platformatic/kafka'

const TOPIC = 'petitions.events.v1'
const ANSWERED = 'cn.jinlin.petitions.PetitionAnswered.v1'
const COMMIT_EVERY = 1000 // milliseconds

const file = process.argv[2]
const lines = open(file)
const aside = open(`${file}.aside`)
const done = new Set(lines.kept.map(line => JSON.parse(line).id))

const env = process.env
const consumer = new Consumer({
  clientId: 'answered',
  groupId: env.JINLIN_KAFKA_GROUP ?? 'answered',
  bootstrapBrokers: env.JINLIN_KAFKA_BOOTSTRAP.split(','),
  ...(env.JINLIN_KAFKA_USER && {
    sasl: { mechanism: 'SCRAM-SHA-512', username: env.JINLIN_KAFKA_USER, password: env.JINLIN_KAFKA_PASSWORD },
    tls: { ca: env.JINLIN_KAFKA_CA && readFileSync(env.JINLIN_KAFKA_CA) },
    tlsServerName: true
  })
})
const stream = await consumer.consume({
  topics: [TOPIC],
  mode: 'committed', // on from where the group was,
  fallbackMode: 'earliest', // and from the earliest event at the first start
  autocommit: false, // offsets follow the effects
  sessionTimeout: 10_000,
  heartbeatInterval: 3_000
})

// The last message of each partition whose effect is on the disk.
const reached = new Map()
async function commit () {
  const messages = [...reached.values()]
  reached.clear()
  await Promise.all(messages.map(message => message.commit()))
}
// What could not be committed comes again, to no effect.
const timer = setInterval(() => commit().catch(error => console.error(`not committed: ${error.message}`)), COMMIT_EVERY)

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stream.close())

for await (const message of stream) {
  take(message)
  reached.set(message.partition, message)
}
clearInterval(timer)
await commit()
await consumer.close()

function take (message) {
  let event
  try {
    event = JSON.parse(message.value.toString('utf8'))
    if (event.specversion !== '1.0' || typeof event.id !== 'string') throw new Error('not a CloudEvent')
  } catch (error) {
    // It will not read better the next time: put aside, or the partition would stand still behind it.
    const place = `${message.topic}/${message.partition}@${message.offset}`
    append(aside, { place, reason: error.message, message: message.value?.toString('base64') })
    return
  }
  if (event.type !== ANSWERED || done.has(event.id)) return
  const { petition, place, in_time: inTime } = event.data
  append(lines, { id: event.id, petition, place, at: event.time, inTime })
  done.add(event.id)
  console.log('answered', event.id, place, inTime ? 'in time' : 'late')
}

// Opens a file of lines; a last line that a crash cut short was never done, and goes.
function open (path) {
  const text = existsSync(path) ? readFileSync(path) : Buffer.alloc(0)
  const whole = text.lastIndexOf('\n') + 1
  const fd = openSync(path, 'a')
  ftruncateSync(fd, whole)
  return { fd, kept: text.subarray(0, whole).toString('utf8').split('\n').filter(Boolean) }
}

function append (to, entry) {
  writeSync(to.fd, `${JSON.stringify(entry)}\n`)
  fsyncSync(to.fd)
}
