// Stand-in for native-watchdog.

exports.start = () => {};
