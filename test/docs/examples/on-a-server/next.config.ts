export default { serverExternalPackages: ['@longhaul/core'] };
