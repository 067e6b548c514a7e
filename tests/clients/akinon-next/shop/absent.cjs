// Stands for what is not installed: the package's own `with-pz-config` makes absent plugins empty too.
module.exports = {};
