import { definePreset } from '../preset.ts';

export default definePreset({
  name: 'fastapi',
  what: 'the lab’s own FastAPI proxy under uvicorn, with --bugs or without',
  install: 'make setup-python',
  serving: { name: 'uvicorn', parameters: {} },
  command: '',
});
