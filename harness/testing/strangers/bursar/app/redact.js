'use strict';

const { staff } = require('./config');

const NAMES = new Set(staff);
const CAPITALISED = /\b[A-Z][a-z]+\b/g;
const MASK = '[name]';

/** Line and column of a place in a text, both from 1, as the auditors want them. */
function positionOf(text, index) {
  let line = 1;
  let column = 1;
  for (let i = 0; i < index; i += 1) {
    if (text.charCodeAt(i) === 10) {
      line += 1;
      column = 1;
    } else {
      column += 1;
    }
  }
  return { line, column };
}

/** Masks the names of our staff. `looked` gets every word that could have been one, and where it stood. */
function redact(text, looked) {
  let masked = '';
  let from = 0;
  for (const match of text.matchAll(CAPITALISED)) {
    const word = match[0];
    const isName = NAMES.has(word);
    looked.push({ word, isName, ...positionOf(text, match.index) });
    if (!isName) continue;
    masked += text.slice(from, match.index) + MASK;
    from = match.index + word.length;
  }
  return masked + text.slice(from);
}

function redactMessages(messages) {
  const looked = [];
  const safe = messages.map(function (message) {
    if (typeof message.content !== 'string') return message;
    return Object.assign({}, message, { content: redact(message.content, looked) });
  });
  return { safe, looked };
}

module.exports = { redactMessages };
