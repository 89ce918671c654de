// Runs one tool of the npm package shopify-multi-mcp, whose requests go to the host in ORIGIN; nothing else is changed.
const [folder, name, given] = process.argv.slice(2);
const { partnerTools } = require(`${folder}/node_modules/shopify-multi-mcp/dist/tools/partner.js`);
const real = globalThis.fetch;
globalThis.fetch = (url, options) => real(String(url).replace("https://partners.shopify.com", process.env.ORIGIN), options);
const tool = partnerTools.find((each) => each.name === name);
tool.handler(tool.inputSchema.parse(JSON.parse(given))).then(
  (answer) => console.log(JSON.stringify(answer)),
  (error) => {
    console.error(error.message);
    process.exit(1);
  },
);
