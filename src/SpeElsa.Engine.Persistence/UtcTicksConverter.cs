using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace SpeElsa.Engine.Persistence;

/// <summary>Instants are stored as UTC ticks: they sort as numbers, and no offset is ever lost or guessed.</summary>
public sealed class UtcTicksConverter() : ValueConverter<DateTimeOffset, long>(
    value => value.UtcTicks,
    value => new DateTimeOffset(value, TimeSpan.Zero));
