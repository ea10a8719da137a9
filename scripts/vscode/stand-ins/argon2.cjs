// Stand-in for argon2: the server runs without a password, so nothing may ever ask for a hash.

const refuse = async () => {
  throw new Error('This VS Code server was installed for tests and has no password hashing.');
};

exports.hash = refuse;
exports.verify = refuse;
exports.needsRehash = () => false;
