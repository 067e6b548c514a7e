module.exports = { testMatch: ['<rootDir>/*.jest.cjs'], maxWorkers: 2, testTimeout: 30_000 };
