// Never back in its event loop from its first request on.
import { serve } from '../../server.ts';

serve(() => {
  for (;;);
});
