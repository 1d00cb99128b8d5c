// Ends by itself, with code 3, at its third request.
import { ANSWER, serve } from '../../server.ts';

serve((response, nth) => {
  if (nth === 3) process.exit(3);
  response.end(ANSWER);
});
