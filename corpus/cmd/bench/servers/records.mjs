// A TLS server with a fresh key that holds connections and records. Arguments: MiB, key, certificate.
import { randomBytes, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { connect, createServer } from 'node:tls'

const [mib, key, cert] = process.argv.slice(2)
const held = []
const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, c => { c.write('hello'); held.push(c) })
await new Promise(up => server.listen(0, '127.0.0.1', up))
for (let i = 0; i < 30; i++) {
  const c = connect({ port: server.address().port, host: '127.0.0.1', rejectUnauthorized: false })
  await new Promise(got => c.once('data', got))
  held.push(c)
}
const names = ['anna', 'ben', 'carla', 'david', 'erik']
const records = []
while (records.length % 1000 || process.memoryUsage().heapUsed < mib << 20) {
  const i = records.length, name = names[i % 5]
  records.push({
    id: i, uuid: randomUUID(), name: name + i % 977, mail: `user${i}@example.org`, score: Math.random(),
    at: Date.now() + Math.random() * 1e7, tags: ['new', name], session: randomBytes(16).toString('hex'),
    text: `Order ${i} was shipped to ${name}`,
  })
}
globalThis.records = records
console.log('up')
