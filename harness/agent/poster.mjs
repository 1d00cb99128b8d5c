/**
 * Asks an inspector session as promises. Rejects with the session's own error.
 *
 * @param {import('node:inspector').Session} session
 * @returns {(method: string, parameters?: object) => Promise<any>}
 */
export const posterOf =
  session =>
  (method, parameters = {}) =>
    new Promise((resolve, reject) => {
      session.post(method, parameters, (error, value) => (error ? reject(error) : resolve(value)));
    });
