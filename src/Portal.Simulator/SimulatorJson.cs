using System.Text.Json;
using System.Text.Json.Serialization;
using Portal.Simulator.Accounts;
using Portal.Simulator.Faults;
using Portal.Simulator.Ledger;
using Portal.Simulator.Receipts;
using Portal.Simulator.Settings;

namespace Portal.Simulator;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(AccountOptions))]
[JsonSerializable(typeof(IEnumerable<AccountView>))]
[JsonSerializable(typeof(LedgerTotals))]
[JsonSerializable(typeof(IEnumerable<RequestView>))]
[JsonSerializable(typeof(IEnumerable<NumberView>))]
[JsonSerializable(typeof(FaultOptions))]
[JsonSerializable(typeof(FaultAdded))]
[JsonSerializable(typeof(IEnumerable<FaultView>))]
[JsonSerializable(typeof(ReceiptFaultOptions))]
[JsonSerializable(typeof(IEnumerable<ReceiptFaultView>))]
[JsonSerializable(typeof(SettingsChange))]
[JsonSerializable(typeof(SettingsView))]
[JsonSerializable(typeof(string))]
internal sealed partial class SimulatorJson : JsonSerializerContext;
