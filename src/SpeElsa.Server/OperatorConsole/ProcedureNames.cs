using Elsa.Common.Models;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Server.OperatorConsole;

/// <summary>What the definitions are called that a page speaks of. One for each open page, which asks the store once for each of them.</summary>
internal sealed class ProcedureNames(IDefinitionStore definitions)
{
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    /// <summary>The name of a definition.</summary>
    /// <param name="definitionId">The definition.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>Its name; its id where it has none or is deleted.</returns>
    public async ValueTask<string> OfAsync(string definitionId, CancellationToken cancellationToken)
    {
        if (!_names.TryGetValue(definitionId, out var name))
        {
            var (found, _) = await definitions.ListAsync(
                new DefinitionFilter { DefinitionIds = [definitionId], VersionOptions = VersionOptions.Latest }, new DefinitionOrder(DefinitionColumn.Name), 0, 1, cancellationToken);
            name = found is [{ Name.Length: > 0 } known] ? known.Name : definitionId;
            _names[definitionId] = name;
        }

        return name;
    }
}
