using Portal.Simulator;

await SimulatorApp.Create(args).RunAsync();
