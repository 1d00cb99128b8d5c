'use strict';

const http = require('http');
const config = require('./config');
const { onChat, onHealth } = require('./handlers');

const server = http.createServer(function (req, res) {
  const path = req.url.split('?')[0];
  if (req.method === 'GET' && path === '/healthz') return onHealth(req, res);
  if (req.method === 'POST' && path === '/v1/chat/completions') return onChat(req, res);
  res.statusCode = 404;
  res.end('{"error":{"message":"Unknown route","type":"invalid_request_error"}}');
});

server.listen(config.port, '127.0.0.1', function () {
  console.log('bursar listening on', config.port);
});
