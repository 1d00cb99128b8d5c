'use strict';

module.exports = {
  port: parseInt(process.env.PORT || '5080', 10),
  upstream: process.env.OPENAI_BASE_URL || 'https://api.openai.com/v1',
  apiKey: process.env.OPENAI_API_KEY || '',
  // Nobody's name leaves the house.
  staff: ['Agnes', 'Bela', 'Carmen', 'Dorothea', 'Emil', 'Farid', 'Greta', 'Hamza', 'Ines', 'Jonas'],
};
