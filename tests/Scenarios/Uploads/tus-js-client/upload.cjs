// Uploads a file with tus-js-client as a page would, and says what happens in lines of JSON.
//   node upload.cjs MODULES ENDPOINT TOKEN FILE [CHUNK_BYTES] [PAUSE_AT_BYTES]
// Standard input takes a line at a time: "resume" after a pause, "terminate" to give the upload up.
const { createReadStream, statSync } = require('node:fs')
const { createInterface } = require('node:readline')

const [modules, endpoint, token, file, chunk, pauseAt] = process.argv.slice(2)
const tus = require(`${modules}/tus-js-client`)

const say = (event, more = {}) => console.log(JSON.stringify({ event, ...more }))
let pausing = Number(pauseAt || 0)

const upload = new tus.Upload(createReadStream(file), {
  endpoint,
  uploadSize: statSync(file).size,
  chunkSize: Number(chunk || Infinity),
  // A server that was killed is back within a minute.
  retryDelays: Array(120).fill(500),
  headers: { Authorization: `Bearer ${token}` },
  metadata: { filename: '강의.mp4', filetype: 'video/mp4' },
  onChunkComplete: (size, accepted) => {
    say('accepted', { accepted })
    if (pausing > 0 && accepted >= pausing) {
      pausing = 0
      upload.abort().then(() => say('paused', { accepted }))
    }
  },
  // The client's own rule, told aloud.
  onShouldRetry: (error, attempt, options) => {
    const status = error.originalResponse ? error.originalResponse.getStatus() : 0
    say('retrying', { status })
    return status < 400 || status >= 500 || status === 409 || status === 423
  },
  onError: (error) => {
    say('failed', { message: error.message })
    process.exit(1)
  },
  onSuccess: () => {
    say('succeeded', { url: upload.url })
    process.exit(0)
  },
})

createInterface({ input: process.stdin }).on('line', (line) => {
  if (line === 'resume') upload.start()
  if (line === 'terminate') {
    upload.abort(true).then(
      () => { say('terminated', { url: upload.url }); process.exit(0) },
      (error) => { say('failed', { message: error.message }); process.exit(1) },
    )
  }
})
upload.start()
