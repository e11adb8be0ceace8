using System.Reflection;
using Elsa.Workflows.UIHints.Dropdown;

namespace SpeElsa.Activities;

/// <summary>The machines of the fleet, for the designer's drop-downs. Where a host has no fleet there is nothing to choose; an expression can still be written.</summary>
/// <param name="fleets">The host's fleet, if it has one.</param>
public sealed class MachineChoices(IEnumerable<IFleet> fleets) : DropDownOptionsProviderBase
{
    /// <inheritdoc />
    protected override ValueTask<ICollection<SelectListItem>> GetItemsAsync(PropertyInfo propertyInfo, object? context, CancellationToken cancellationToken) =>
        new([.. fleets.SelectMany(fleet => fleet.Names).Order(StringComparer.OrdinalIgnoreCase).Select(name => new SelectListItem(name, name))]);
}
